/* The review desk: keys, the anchor of the chosen score, the running total. The page works without this file.
   Single letters never work in text fields, and a switch turns all of them off (WCAG 2.1.4). */
(function () {
  "use strict";

  var keys = document.getElementById("keys");
  if (!keys) return;

  var HIGHEST = 5;
  var PLACE = "review-desk-keys";
  var form = document.getElementById("section-form");
  var help = document.getElementById("keys-help");
  var words = document.getElementById("desk-said");
  var keysOn = document.getElementById("keys-on");
  var criteria = form ? Array.from(form.querySelectorAll(".criterion")) : [];
  var current = null;

  function say(sentence) {
    words.textContent = sentence;
  }

  function fill(sentence, figures) {
    return sentence.replace(/\{(\w+)\}/g, function (whole, name) { return figures[name]; });
  }

  /* --- what a score means, and what it adds up to --- */

  function chosen(criterion) {
    return criterion.querySelector(".segments input:checked");
  }

  function anchorOf(criterion) {
    var input = chosen(criterion);
    if (!input) return fill(words.dataset.openWords, { weight: criterion.dataset.weight });
    var anchor = criterion.querySelector(".anchors [data-value='" + input.value + "'] span");
    return input.value + (anchor ? ": " + anchor.textContent : "");
  }

  function draw(criterion) {
    var input = chosen(criterion);
    criterion.querySelector("[data-anchor]").textContent = anchorOf(criterion);
    criterion.querySelector("[data-clear]").hidden = !input;
    criterion.querySelectorAll(".anchors [data-value]").forEach(function (row) {
      row.classList.toggle("anchor--chosen", Boolean(input) && row.dataset.value === input.value);
    });
  }

  function total() {
    var points = 0, possible = 0;
    criteria.forEach(function (criterion) {
      var input = chosen(criterion), weight = Number(criterion.dataset.weight);
      if (!input) return;
      points += Number(input.value) * weight / HIGHEST;
      possible += weight;
    });
    document.querySelector("[data-points]").textContent = String(Math.round(points));
    document.querySelector("[data-possible]").textContent = String(possible);
    document.querySelector("[data-total]").hidden = possible === 0;
    return { points: Math.round(points), possible: possible };
  }

  function scored(criterion) {
    draw(criterion);
    var figures = total();
    figures.criterion = criterion.dataset.criterion;
    figures.anchor = anchorOf(criterion).replace(/\.$/, "");
    say(fill(words.dataset.scoredWords, figures));
  }

  function clear(criterion) {
    var input = chosen(criterion);
    if (!input) return;
    input.checked = false;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    criterion.querySelector(".segments input").focus();
  }

  /* --- keys --- */

  function mark(criterion) {
    current = criterion;
    criteria.forEach(function (row) { row.classList.toggle("criterion--current", row === criterion); });
  }

  function go(step) {
    if (!criteria.length) return;
    var place = criteria.indexOf(current);
    var next = criteria[place < 0 ? 0 : Math.min(criteria.length - 1, Math.max(0, place + step))];
    mark(next);
    (chosen(next) || next.querySelector(".segments input")).focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function score(value) {
    if (!current) return say(words.dataset.firstWords);
    var input = current.querySelector(".segments input[value='" + value + "']");
    input.checked = true;
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* What is typed goes out at once; the answer says when it was saved. */
  function save() {
    if (form) form.dispatchEvent(new Event("save-now"));
    var saving = document.getElementById("saving");
    if (saving) say(saving.textContent.replace(/\s+/g, " ").trim());
  }

  function press(key) {
    var target = document.querySelector("[data-key='" + key + "']");
    if (target) target.click();
  }

  function act(key) {
    if (key === "j") go(1);
    else if (key === "k") go(-1);
    else if (key === "s") save();
    else if (key === "n" || key === "p") press(key);
    else if (key === "?") help.showModal();
    else if (/^[0-5]$/.test(key) && criteria.length) score(key);
    else return false;
    return true;
  }

  function writes(field) {
    return field.isContentEditable || /^(TEXTAREA|SELECT)$/.test(field.tagName) ||
      (field.tagName === "INPUT" && !/^(radio|checkbox|button|submit)$/.test(field.type));
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && form && form.contains(event.target) && writes(event.target)) {
      var criterion = event.target.closest(".criterion");
      if (criterion) (chosen(criterion) || criterion.querySelector(".segments input")).focus();
      return;
    }
    if (!keysOn.checked || help.open || event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey || writes(event.target)) return;
    if (act(event.key.toLowerCase())) event.preventDefault();
  });

  if (form) {
    form.addEventListener("input", function (event) {
      var criterion = event.target.closest(".criterion");
      if (criterion && event.target.type === "radio") scored(criterion);
    });
    form.addEventListener("focusin", function (event) {
      var criterion = event.target.closest(".criterion");
      if (criterion) mark(criterion);
    });
    form.addEventListener("click", function (event) {
      if (event.target.closest("[data-clear]")) clear(event.target.closest(".criterion"));
    });
    criteria.forEach(draw);
    total();
  }

  /* --- the switch --- */

  function show() {
    keys.classList.toggle("keys--off", !keysOn.checked);
  }

  keysOn.addEventListener("change", function () {
    try { localStorage.setItem(PLACE, keysOn.checked ? "on" : "off"); } catch (error) { /* not kept then */ }
    show();
  });
  try { keysOn.checked = localStorage.getItem(PLACE) !== "off"; } catch (error) { /* on, as usual */ }
  show();
  keys.hidden = false;
  keys.querySelector("[data-keys-help]").addEventListener("click", function () { help.showModal(); });
})();
