/* Ties a form to allauth's own scripts for keys and passkeys: `data-webauthn` names what is done, `data-ids` with
   which elements. What goes wrong at the key is said, and every other way in stays open. */
(function () {
  "use strict";

  document.querySelectorAll("[data-webauthn]").forEach((form) => {
    window.allauth.webauthn.forms[form.dataset.webauthn]({ ids: JSON.parse(form.dataset.ids) });
  });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const said = document.getElementById("key-problem");
    said.hidden = false;
    said.textContent = "The key or passkey was not used. Try again, or take another way.";
  });
})();
