// Muster: what pages do beyond what they already do without scripts. Loaded in <head> so that the theme is right from the
// first paint; everything else waits for the document.
(() => {
  "use strict";

  const root = document.documentElement;
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  if (stored()) apply(stored());
  root.classList.add("js");

  const all = (selector, action) => document.querySelectorAll(selector).forEach(action);

  // Tells people who do not see the screen.
  const say = (text) => {
    const status = document.getElementById("status");
    if (!status) return;
    status.textContent = "";
    setTimeout(() => { status.textContent = text; }, 50);
  };

  const copyText = async (element) => {
    const text = element.value ?? element.textContent;
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Without a secure context there is only the old way: select it, and ask the browser.
      const range = document.createRange();
      range.selectNodeContents(element);
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      return document.execCommand("copy");
    }
  };

  const confirmThen = (form, submitter) => {
    const dialog = document.createElement("dialog");
    const heading = document.createElement("h2");
    const text = document.createElement("p");
    const actions = document.createElement("div");
    const cancel = document.createElement("button");
    const go = document.createElement("button");
    heading.textContent = "Are you sure?";
    heading.id = "confirm-heading";
    text.textContent = form.dataset.confirm;
    text.id = "confirm-text";
    cancel.className = "button";
    cancel.textContent = "Cancel";
    go.className = "button danger solid";
    go.id = "confirm";
    go.textContent = submitter?.textContent.trim() || "Continue";
    actions.className = "actions end";
    actions.append(cancel, go);
    dialog.setAttribute("aria-labelledby", heading.id);
    dialog.setAttribute("aria-describedby", text.id);
    dialog.append(heading, text, actions);
    cancel.addEventListener("click", () => dialog.close());
    go.addEventListener("click", () => {
      form.dataset.confirmed = "yes";
      dialog.close();
      form.requestSubmit(submitter);
    });
    dialog.addEventListener("close", () => { dialog.remove(); submitter?.focus(); });
    document.body.append(dialog);
    dialog.showModal();
    cancel.focus();
  };

  document.addEventListener("DOMContentLoaded", () => {
    all("[data-js]", (element) => { element.hidden = false; });

    all("[data-copy]", (button) => {
      const label = button.querySelector("span") ?? button;
      const before = label.textContent;
      button.hidden = false;
      button.addEventListener("click", async () => {
        const element = document.querySelector(button.dataset.copy);
        const done = element && await copyText(element);
        label.textContent = done ? "Copied" : "Press Ctrl+C";
        say(done ? "Copied" : "Selected. Press Control C to copy.");
        setTimeout(() => { label.textContent = before; }, 1600);
      });
    });

    all("[data-reveal]", (button) => {
      const input = document.querySelector(button.dataset.reveal);
      if (!input) return;
      button.hidden = false;
      button.addEventListener("click", () => {
        const show = input.type === "password";
        input.type = show ? "text" : "password";
        button.firstChild.textContent = show ? "Hide" : "Show";
      });
    });

    const themes = document.querySelectorAll("[data-theme-choice]");
    const mark = () => themes.forEach((button) => {
      button.setAttribute("aria-pressed", String((stored() ?? "system") === button.dataset.themeChoice));
    });
    themes.forEach((button) => button.addEventListener("click", () => {
      const theme = button.dataset.themeChoice;
      try {
        if (theme === "system") localStorage.removeItem("theme");
        else localStorage.setItem("theme", theme);
      } catch { /* Then it lasts as long as the page. */ }
      apply(theme);
      mark();
    }));
    mark();

    const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
    all("time[datetime]", (time) => {
      const moment = new Date(time.dateTime);
      if (Number.isNaN(moment.getTime()) || !time.dateTime.includes("T")) return;
      time.title = time.textContent;
      time.textContent = format.format(moment);
    });

    all("[data-select-all]", (button) => {
      const boxes = () => [...document.querySelectorAll(`${button.dataset.selectAll} input[type=checkbox]`)];
      const count = document.querySelector("[data-selected]");
      const update = () => {
        const chosen = boxes().filter((box) => box.checked).length;
        const every = chosen === boxes().length;
        button.textContent = every ? "Clear all" : "Select all";
        if (count) count.textContent = chosen === 0 ? "none chosen" : `${chosen} chosen`;
      };
      button.hidden = false;
      button.addEventListener("click", () => {
        const every = boxes().every((box) => box.checked);
        boxes().forEach((box) => { box.checked = !every; });
        update();
      });
      boxes().forEach((box) => box.addEventListener("change", update));
      update();
    });

    // What a form would lead to is shown while it is filled in.
    all("form[data-preview]", (form) => {
      const shown = document.getElementById(form.dataset.preview);
      const check = form.querySelector("button[value=check]");
      let latest = 0;
      check.hidden = true;
      const look = async () => {
        const asked = ++latest;
        const fields = new URLSearchParams(new FormData(form, check));
        const answer = await fetch(form.action, { method: "POST", body: fields }).catch(() => null);
        const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
        // What came meanwhile counts.
        if (asked === latest) shown.replaceChildren(...(page?.getElementById(shown.id)?.childNodes ?? []));
      };
      form.addEventListener("change", () => {
        if ([...form.querySelectorAll("[required]")].every((field) => field.value)) look();
      });
    });

    const summary = document.getElementById("error-summary");
    if (summary) summary.focus();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    confirmThen(form, event.submitter);
  });

  // Menus close like menus do.
  const closeMenus = (except) => all("details[data-menu][open]", (menu) => {
    if (!except || !menu.contains(except)) menu.open = false;
  });
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details[data-menu][open]");
    closeMenus();
    open?.querySelector("summary").focus();
  });
})();
