/* An arc of a map and the row that tells of it show each other. Without this file both still say the same. */
(function () {
  "use strict";

  var map = document.querySelector(".map");
  var rows = Array.from(document.querySelectorAll("[data-pairs]"));
  if (!map || !rows.length) return;

  function clear() {
    map.querySelectorAll(".is-chosen").forEach(function (arc) { arc.classList.remove("is-chosen"); });
    rows.forEach(function (row) { row.classList.remove("is-chosen"); });
  }

  function choose(pairs) {
    clear();
    map.querySelectorAll("[data-pair]").forEach(function (arc) {
      if (pairs.indexOf(arc.dataset.pair) >= 0) arc.classList.add("is-chosen");
    });
    rows.forEach(function (row) {
      var own = row.dataset.pairs.split(" ");
      if (own.some(function (pair) { return pairs.indexOf(pair) >= 0; })) row.classList.add("is-chosen");
    });
  }

  function chooseRow(event) {
    choose(event.currentTarget.dataset.pairs.split(" ").filter(Boolean));
  }

  rows.forEach(function (row) {
    row.addEventListener("mouseenter", chooseRow);
    row.addEventListener("focusin", chooseRow);
    row.addEventListener("mouseleave", clear);
    row.addEventListener("focusout", clear);
  });
  map.addEventListener("mouseover", function (event) {
    var arc = event.target.closest("[data-pair]");
    if (arc) choose([arc.dataset.pair]);
  });
  map.addEventListener("mouseout", clear);
})();
