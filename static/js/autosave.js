/* Saves a section while it is written, through htmx; the page works without this file.
   What is typed goes to the server within two seconds, one request at a time, and stays in this tab
   (sessionStorage) until the server has answered that it is kept. A request whose answer never came is
   sent again word for word before anything newer, so that nobody is in conflict with their own text. */
(function () {
  "use strict";

  var form = document.getElementById("section-form");
  if (!form || !window.htmx) return;

  var WAIT = 1500;
  var RETRIES = [2000, 4000, 8000, 15000, 30000];
  var QUIET = 60000;
  var LEAVE_AFTER = 3000;
  var place = form.dataset.kept;
  var typed = 0, saved = 0, failures = 0;
  var unanswered = null;
  var sending = false, paused = false, leavesFreely = false;
  var leaving = "", pressed = null, said = "", saidAt = 0;
  var timer, keepTimer;

  function unsaved() {
    return typed > saved;
  }

  /* --- what this tab keeps --- */

  function isAnswer(name) {
    return name.indexOf("answer-") === 0;
  }

  function base() {
    return { version: form.elements.version.value, seen: form.elements.seen.value };
  }

  function answers() {
    return Array.from(new FormData(form).entries()).filter(function (entry) {
      return isAnswer(entry[0]) && typeof entry[1] === "string";
    });
  }

  function keep() {
    clearTimeout(keepTimer);
    keepTimer = null;
    try {
      sessionStorage.setItem(place, JSON.stringify({ base: base(), answers: answers(), unanswered: unanswered }));
    } catch (error) { /* no room, or not allowed: the server still gets everything */ }
  }

  function forget() {
    clearTimeout(keepTimer);
    try { sessionStorage.removeItem(place); } catch (error) { /* nothing was kept */ }
  }

  function kept() {
    try { return JSON.parse(sessionStorage.getItem(place)); } catch (error) { return null; }
  }

  /* --- how saving stands --- */

  function show(name) {
    var words = document.querySelector("[data-when=" + name + "]");
    var saving = document.getElementById("saving");
    saving.replaceChildren.apply(saving, Array.from(words.cloneNode(true).childNodes));
    saving.dataset.stands = name;
    saving.classList.toggle("saving--trouble", words.hasAttribute("data-trouble"));
    report();
  }

  /* Seen beside the buttons and in the margin; heard when it changes, and once a minute when all is well. */
  function report() {
    var saving = document.getElementById("saving"), stands = saving.dataset.stands, now = Date.now();
    document.querySelectorAll("[data-saving-echo]").forEach(function (echo) {
      echo.innerHTML = saving.querySelector("p").innerHTML;
    });
    if (stands === "typing" || (stands === said && (stands !== "saved" || now - saidAt < QUIET))) return;
    said = stands;
    saidAt = now;
    uncover(saving);
    document.getElementById("saving-said").textContent = saving.textContent.replace(/\s+/g, " ").trim();
  }

  /* What appears at the bottom of the window must not cover what has the focus. */
  function uncover(saving) {
    var focused = document.activeElement;
    if (!form.contains(focused) || saving.contains(focused)) return;
    var box = focused.getBoundingClientRect(), hidden = box.bottom + 16 - saving.getBoundingClientRect().top;
    if (hidden > 0 && box.height < window.innerHeight / 2) window.scrollBy(0, hidden);
  }

  function clearErrors() {
    form.querySelectorAll(".field--error").forEach(function (field) {
      field.classList.remove("field--error");
      field.querySelectorAll(".field-error").forEach(function (error) { error.remove(); });
      field.querySelectorAll("[aria-invalid]").forEach(function (input) { input.removeAttribute("aria-invalid"); });
    });
    document.querySelectorAll("main .error-summary").forEach(function (summary) { summary.hidden = true; });
  }

  /* Beside each field what cannot be read; beside the one being written only once it is left. */
  function showErrors() {
    clearErrors();
    document.querySelectorAll("#saving [data-field]").forEach(function (row) {
      var field = document.getElementById(row.dataset.field);
      if (!field || field.contains(document.activeElement)) return;
      var input = field.querySelector("input:not([type=hidden]), select, textarea");
      var error = document.createElement("span");
      error.className = "field-error";
      error.id = row.dataset.field + "_error";
      error.textContent = row.querySelector("[data-sentence]").textContent;
      field.classList.add("field--error");
      (field.querySelector(":scope > input, :scope > select, :scope > textarea, :scope > .choices, :scope > table") || field.lastElementChild).before(error);
      if (!input) return;
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", error.id);
    });
  }

  /* --- sending --- */

  function changed() {
    typed += 1;
    if (!keepTimer) keepTimer = setTimeout(keep, 250);
    if (paused) return;
    if (!unanswered && document.getElementById("saving").dataset.stands === "saved") show("typing");
    if (!timer && !sending) timer = setTimeout(send, WAIT);
  }

  function send() {
    clearTimeout(timer);
    timer = null;
    if (sending || paused || !(unsaved() || unanswered)) return;
    htmx.trigger(form, "autosave");
  }

  function again() {
    clearTimeout(timer);
    timer = setTimeout(send, RETRIES[Math.min(failures, RETRIES.length - 1)]);
    failures += 1;
    show("trying");
  }

  function stop(words) {
    paused = true;
    if (words) show(words);
  }

  form.addEventListener("htmx:configRequest", function (event) {
    sending = true;
    if (!unanswered) {
      unanswered = { typed: typed, values: answers().concat(Object.entries(base())) };
      keep();
    }
    var again = new FormData();
    again.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    unanswered.values.forEach(function (entry) { again.append(entry[0], entry[1]); });
    event.detail.parameters = again;
  });

  function isOurs(xhr) {
    return xhr.responseText.indexOf("id=\"saving\"") >= 0;
  }

  form.addEventListener("htmx:beforeSwap", function (event) {
    var xhr = event.detail.xhr;
    if (xhr.status < 400 || xhr.status >= 500) return;
    event.detail.shouldSwap = isOurs(xhr);
    event.detail.isError = false;
  });

  form.addEventListener("htmx:afterRequest", function (event) {
    var xhr = event.detail.xhr;
    sending = false;
    if (xhr.status === 200 || xhr.status === 422) kindly(xhr.status);
    else if (xhr.status === 0 || xhr.status === 429 || xhr.status >= 500) again();
    else unkindly(xhr);
    if (leaving && !(unsaved() && !failures && !paused)) leave();
    if (pressed) setTimeout(submit);
  });

  function kindly(status) {
    saved = unanswered.typed;
    unanswered = null;
    failures = 0;
    showErrors();
    report();
    if (status === 422 || unsaved()) keep(); else forget();
    if (!unsaved()) return;
    if (leaving) setTimeout(send); else timer = setTimeout(send, WAIT);
  }

  function unkindly(xhr) {
    unanswered = null;
    keep();
    if (xhr.status === 400 || xhr.status === 413) stop("large");
    else if (!isOurs(xhr)) stop("login");
    else stop();
    report();
  }

  /* --- leaving --- */

  function leave() {
    var address = leaving;
    leaving = "";
    if (address) location.assign(address);
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.target) return;
    if (link.closest("#saving")) leavesFreely = true;
    if (paused || !unsaved() || link.origin !== location.origin || link.getAttribute("href").charAt(0) === "#") return;
    event.preventDefault();
    leaving = link.href;
    setTimeout(leave, LEAVE_AFTER);
    send();
  });

  /* A button waits for the save that is on its way: it would begin from a version that is no longer the newest. */
  function submit() {
    var button = pressed;
    pressed = null;
    if (button) form.requestSubmit(button);
  }

  form.addEventListener("submit", function (event) {
    if (sending && event.submitter) {
      event.preventDefault();
      pressed = event.submitter;
      setTimeout(function () {
        if (pressed) htmx.trigger(form, "htmx:abort");
      }, LEAVE_AFTER);
      return;
    }
    clearTimeout(timer);
    paused = true;
    keep();
    leavesFreely = true;
  });

  window.addEventListener("beforeunload", function (event) {
    if (leavesFreely || !(unsaved() || document.querySelector(".saving--trouble"))) return;
    keep();
    event.preventDefault();
  });

  window.addEventListener("pagehide", function () {
    if (leavesFreely || paused || sending || !unsaved() || unanswered) return;
    unanswered = { typed: typed, values: answers().concat(Object.entries(base())) };
    keep();
    navigator.sendBeacon(form.getAttribute("hx-post"), new FormData(form));
  });

  /* --- writing --- */

  function written(event) {
    var field = event.target;
    if (!field.name || !isAnswer(field.name) || field.type === "file") return;
    if (field.value && field.value.indexOf("\0") >= 0) field.value = field.value.replace(/\0/g, "");
    changed();
  }

  form.addEventListener("input", written);
  form.addEventListener("change", written);
  form.addEventListener("click", function (event) {
    // a line of a table came or went
    if (event.target.closest("[name=table]")) setTimeout(changed);
  });
  form.addEventListener("focusout", function () {
    setTimeout(showErrorsLeft);
    if (unsaved() && !failures) send();
  });
  function showErrorsLeft() {
    if (document.querySelector("#saving [data-field]")) showErrors();
  }
  window.addEventListener("online", send);
  form.addEventListener("save-now", send);
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) send();
  });

  /* --- coming back --- */

  function addLines(values) {
    form.querySelectorAll("[data-lines]").forEach(function (count) {
      var wanted = Number((values[count.name] || [0])[0]), add = count.closest("[data-table]").querySelector("[data-add]");
      for (var line = Number(count.value); add && line < wanted; line += 1) add.click();
    });
  }

  function putBack(found) {
    var values = {};
    found.answers.forEach(function (entry) { (values[entry[0]] = values[entry[0]] || []).push(entry[1]); });
    addLines(values);
    Array.from(form.elements).forEach(function (field) {
      if (!isAnswer(field.name || "") || field.type === "hidden" || field.type === "file" || field.type === "submit") return;
      var mine = values[field.name] || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = mine.indexOf(field.value) >= 0;
      else field.value = mine.length ? mine.shift() : "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    form.elements.version.value = found.base.version;
    form.elements.seen.value = found.base.seen;
    unanswered = found.unanswered;
    if (unanswered) unanswered.typed = 0;
  }

  document.addEventListener("DOMContentLoaded", function () {
    var found = kept();
    if (found && JSON.stringify(found.answers) === JSON.stringify(answers())) {
      forget();
    } else if (found) {
      putBack(found);
      document.getElementById("put-back").hidden = false;
      changed();
      send();
      return;
    }
    if (form.hasAttribute("data-unsaved")) changed();
  });

  document.querySelectorAll("[data-forget-kept]").forEach(function (button) {
    button.addEventListener("click", function () {
      forget();
      leavesFreely = true;
      location.assign(location.pathname);
    });
  });
})();
