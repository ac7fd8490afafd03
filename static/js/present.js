/* The projector's arrow keys, and whether there is more below; its letters are pressed by keys.js. */
(function () {
  "use strict";

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (document.querySelector("dialog[open]") || document.body.classList.contains("session-over")) return;
    const link = document.querySelector(`[data-arrow="${event.key}"]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });

  const root = document.documentElement;
  const hint = document.querySelector("[data-further]");
  const look = () => { hint.hidden = root.scrollHeight - root.clientHeight - root.scrollTop < 4; };
  document.addEventListener("scroll", look, { passive: true });
  window.addEventListener("resize", look);
  look();
})();
