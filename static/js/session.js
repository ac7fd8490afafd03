/* The end of a session, seen from an open page. After half an hour without a request, and as soon as somebody logs off
   or another person logs in in another tab, nothing of a patient stays on the screen. A page on which something may be
   typed keeps it, covered, until its owner has logged in again in another tab; any other page goes to the log-in. Only
   the server knows who is logged in: the page asks it at every focus, when another tab shows another person's page, and
   when the session should have ended. A swap that comes too late is answered with 401: whoever is typing is told, may
   end the sentence, and is covered after a minute without typing. */
(function () {
  "use strict";

  const { session, login, user = "", idle } = document.body.dataset;
  const tabs = new BroadcastChannel("session");
  tabs.postMessage(user);
  if (!user) return;

  const RETRY = 30; // seconds
  const PAUSE = 60;
  const notice = document.getElementById("session-ended");
  const [ended, taken] = notice.children;
  const typed = document.querySelector("form[data-unsaved]") !== null;
  let ends = 0;
  let timer = 0;
  let asking = null;

  function announce(text) {
    document.getElementById("announcer").textContent = text;
  }

  function lookIn(seconds) {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, seconds * 1000);
  }

  function goesOn(seconds) {
    ends = Date.now() + seconds * 1000;
    lookIn(seconds + 5);
  }

  function tell(byOther) {
    if (!notice.hidden && taken.hidden === !byOther) return;
    ended.hidden = byOther;
    taken.hidden = !byOther;
    notice.hidden = false;
    announce((byOther ? taken : ended).textContent.trim());
  }

  function cover(byOther) {
    document.body.classList.add("session-over");
    tell(byOther);
  }

  function uncover(token) {
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; });
    document.body.setAttribute("hx-headers", JSON.stringify({ "x-csrftoken": token }));
    document.body.classList.remove("session-over");
    if (notice.hidden) return;
    notice.hidden = true;
    announce("You are logged in again. Nothing was lost; save when you are ready.");
  }

  async function ask() {
    const answer = await fetch(session, { headers: { Accept: "application/json" } }).catch(() => null);
    const state = answer && answer.ok ? await answer.json().catch(() => null) : null;
    if (state === null) {
      if (Date.now() > ends) cover(false);
      lookIn(RETRY);
    } else if (state.signed_in && String(state.user) === user) {
      uncover(state.token);
      goesOn(state.left);
    } else if (typed) {
      cover(state.signed_in);
    } else {
      window.location.assign(login);
    }
  }

  function look() {
    asking = asking || ask().finally(() => { asking = null; });
  }

  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401) {
      if (!typed) return;
      event.preventDefault();
      tell(false);
      lookIn(PAUSE);
    } else if (status === 403) {
      look();
    } else if (!event.detail.elt.hasAttribute("data-by-itself")) {
      goesOn(Number(idle)); // what a page asks by itself does not keep the session, on the server neither
    }
  });
  tabs.addEventListener("message", (event) => { if (event.data !== user || !notice.hidden) look(); });
  window.addEventListener("focus", look);
  window.addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  goesOn(Number(idle));
})();
