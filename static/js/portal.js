/* Small comforts; every page works without this file. */
(function () {
  "use strict";

  function focusErrorSummary(root) {
    var summary = root.querySelector(".error-summary");
    if (summary) summary.focus();
  }

  /* A count never cuts off: it only says how much there is. Code points and words, as the server counts. */
  function showCount(field) {
    var count = document.getElementById(field.id + "_count");
    if (!count) return;
    var text = field.value.replace(/\r\n/g, "\n");
    var limit = Number(field.dataset.limit), used = Array.from(text).length;
    var figures = { used: used, limit: limit, words: (text.match(/\S+/g) || []).length, over: used - limit };
    var sentence = count.dataset.words + (used > limit ? " " + count.dataset.over : "");
    count.textContent = sentence.replace(/\{(\w+)\}/g, function (whole, name) {
      return figures[name].toLocaleString(document.documentElement.lang);
    });
    count.classList.toggle("count--over", used > limit);
  }

  /* What the server has, this tab need not keep (see autosave.js). */
  function forgetSaved() {
    document.querySelectorAll("[data-kept-done]").forEach(function (message) {
      try { sessionStorage.removeItem(message.dataset.keptDone); } catch (error) { /* nothing was kept */ }
    });
  }

  /* On phones the facets open beside their button; a swap of the list must not fold them again. */
  function toggleFacets(event, button) {
    var open = button.closest(".facets").classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
    event.preventDefault();
  }

  /* A part of the page that cannot be had just now: the sentence stands above what was there until it comes. */
  function showUnavailable(event) {
    var answer = document.createElement("template");
    answer.innerHTML = event.detail.xhr.responseText;
    var sentence = answer.content.querySelector("[data-unavailable]");
    if (!sentence || document.querySelector("[data-unavailable]") || event.target.matches("[hx-trigger=autosave]")) return;
    event.detail.target.prepend(sentence);
  }

  function forgetUnavailable() {
    document.querySelectorAll("[data-unavailable]").forEach(function (sentence) { sentence.remove(); });
  }

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== except) menu.open = false;
    });
  }

  /* The deadline on the reader's own clock, where it is none of the clocks shown already. */
  function showYourTime(row) {
    var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone || row.dataset.yourTime.split(" ").indexOf(zone) >= 0) return;
    var time = row.querySelector("time");
    var language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
    time.textContent = new Date(time.dateTime).toLocaleString(language, {
      day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23"
    });
    row.hidden = false;
  }

  /* Who has no account begins with the clock of the browser, where the page knows no better one. */
  function chooseOwnZone(select) {
    var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && select.querySelector('option[value="' + CSS.escape(zone) + '"]')) select.value = zone;
  }

  document.addEventListener("input", function (event) {
    if (event.target.dataset && event.target.dataset.limit) showCount(event.target);
  });
  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("details.menu"));
    var facets = event.target.closest(".facets-toggle");
    if (facets) toggleFacets(event, facets);
    if (event.target.closest("[data-print]")) window.print();
    var discard = event.target.closest("[data-discard]");
    if (discard) try { sessionStorage.removeItem(discard.dataset.discard); } catch (error) { /* nothing was kept */ }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var menu = document.querySelector("details.menu[open]");
    closeMenus(null);
    if (menu) menu.querySelector("summary").focus();
  });
  document.addEventListener("htmx:responseError", showUnavailable);
  document.addEventListener("htmx:afterSwap", function (event) {
    forgetUnavailable();
    event.target.querySelectorAll("[data-limit]").forEach(showCount);
  });
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-limit]").forEach(showCount);
    document.querySelectorAll(".facets-toggle").forEach(function (button) {
      button.setAttribute("aria-expanded", "false");
    });
    document.querySelectorAll("[data-your-time]").forEach(showYourTime);
    document.querySelectorAll("select[data-own-zone]").forEach(chooseOwnZone);
    forgetSaved();
    focusErrorSummary(document);
  });
})();
