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
  var stops = Array.from(document.querySelectorAll("[data-stop]")); // what J and K lead through, to the end
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

  function mark(stop) {
    current = stop;
    stops.forEach(function (row) { row.classList.toggle("criterion--current", row === stop); });
  }

  function enter(stop) {
    mark(stop);
    (stop.querySelector("input:checked") || stop.querySelector("input") || stop).focus();
    stop.scrollIntoView({ block: "nearest" });
  }

  function go(step) {
    if (!stops.length) return;
    var place = stops.indexOf(current);
    enter(stops[place < 0 ? 0 : Math.min(stops.length - 1, Math.max(0, place + step))]);
  }

  /* A criterion takes 0 to 5, the recommendation 1 for its first choice and so on. */
  function score(value) {
    var inputs = current ? Array.from(current.querySelectorAll("input[type=radio]")) : [];
    if (!inputs.length) return say(words.dataset.firstWords);
    var input = inputs[criteria.indexOf(current) < 0 ? value - 1 : value];
    if (!input) return;
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
    else if (/^[0-5]$/.test(key) && criteria.length) score(Number(key));
    else return false;
    return true;
  }

  function writes(field) {
    return field.isContentEditable || /^(TEXTAREA|SELECT)$/.test(field.tagName) ||
      (field.tagName === "INPUT" && !/^(radio|checkbox|button|submit)$/.test(field.type));
  }

  /* The stop that a text field belongs to, or that it follows. */
  function before(field) {
    return stops.filter(function (stop) {
      return stop.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING;
    }).pop();
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && form && form.contains(event.target) && writes(event.target)) {
      enter(before(event.target));
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
      var stop = event.target.closest("[data-stop]");
      if (stop) mark(stop);
    });
    form.addEventListener("click", function (event) {
      if (event.target.closest("[data-clear]")) clear(event.target.closest(".criterion"));
    });
    criteria.forEach(draw);
    total();
  }

  /* --- on a phone, text and sheet stand below each other: each is found again where it was left --- */

  document.querySelectorAll(".desk-parts [data-part]").forEach(function (link, number, links) {
    link.addEventListener("click", function (event) {
      var sheet = document.getElementById("your-sheet").getBoundingClientRect().top < window.innerHeight / 2;
      if (sheet === (link.dataset.part === "sheet")) return;
      links[1 - number].dataset.left = String(window.scrollY);
      if (!link.dataset.left) return;
      event.preventDefault();
      window.scrollTo(0, Number(link.dataset.left));
    });
  });

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
