// Refreshes the page while somebody looks at it, and adds a button that copies a catalogue note.
// Everything works without this script.
"use strict";
(() => {
  const every = 60000;
  const live = document.getElementById("live");
  let tag = null;
  let silentSince = null;

  const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const say = (text, time) => { live.textContent = text.replace("%TIME%", time); };

  const isInUse = (main) =>
    main.contains(document.activeElement) && document.activeElement !== main ||
    main.querySelector("details[open]") !== null ||
    Array.from(main.querySelectorAll("input, textarea, select")).some((field) =>
      field.type !== "hidden" && field.value !== field.defaultValue && field.defaultValue !== undefined);

  const addCopyButtons = () => {
    if (!navigator.clipboard) return;
    for (const note of document.querySelectorAll(".copy")) {
      if (note.querySelector("button")) continue;
      const text = note.textContent;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = live.dataset.copy;
      button.addEventListener("click", () => navigator.clipboard.writeText(text));
      note.append(" ", button);
    }
  };

  const refresh = async () => {
    if (document.visibilityState !== "visible") return;
    let answer;
    try {
      answer = await fetch(location.href, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    } catch {
      silentSince ??= clock();
      say(live.dataset.silent, silentSince);
      return;
    }
    if (silentSince !== null) {
      silentSince = null;
      live.textContent = "";
    }
    if (answer.status !== 200) return;
    const first = tag === null;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    const main = document.getElementById("main");
    if (!next || isInUse(main)) return;
    tag = answer.headers.get("ETag");
    if (first && next.textContent === main.textContent) return;
    const place = [scrollX, scrollY];
    main.replaceWith(next);
    scrollTo(...place);
    addCopyButtons();
    say(live.dataset.changed, clock());
  };

  addCopyButtons();
  setInterval(refresh, every);
})();
