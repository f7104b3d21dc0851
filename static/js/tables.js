/* Tables in a form: lines come and go and budgets add up without asking the server. Without this file, buttons do the same. */
(function () {
  "use strict";

  var MOST = 60;
  var GROUPED = /^\d{1,3}([.,])\d{3}(\1\d{3})*((?!\1)[.,]\d{1,2})?$/;
  var PLAIN = /^\d+([.,]\d{1,2})?$/;

  /* Hundredths as a whole number of any size, as the server reads them; null for what is no amount. */
  function hundredths(typed) {
    var text = typed.replace(/[\s\u00a0\u2009\u202f'’]/g, "");
    var grouped = text.match(GROUPED);
    if (grouped) text = text.split(grouped[1]).join("");
    else if (!PLAIN.test(text)) return null;
    var parts = text.replace(",", ".").split(".");
    if (parts[0].replace(/^0+/, "").length > 12) return null;
    return BigInt(parts[0]) * 100n + BigInt(((parts[1] || "") + "00").slice(0, 2));
  }

  /* An amount as the server writes it, with the signs of the page's language. */
  function words(amount, signs) {
    var whole = String(amount / 100n).replace(/\B(?=(\d{3})+$)/g, signs.thousands);
    var rest = amount % 100n;
    return rest ? whole + signs.decimal + String(rest).padStart(2, "0") : whole;
  }

  function show(cell, amount) {
    if (cell) cell.textContent = words(amount, cell.closest(".table-field").dataset);
  }

  function lines(table) {
    return Array.from(table.querySelectorAll("tbody > tr[data-line]"));
  }

  /* Sums of lines, sources, parties and the whole; what cannot be read counts as nothing. */
  function addUp(field) {
    if (!field.hasAttribute("data-budget")) return;
    var sources = {}, parties = {}, grant = 0n, all = 0n;
    lines(field.querySelector(".cells")).forEach(function (line) {
      var choice = line.querySelector("select[name$='-party']"), party = choice ? choice.value : "", sum = 0n;
      line.querySelectorAll("input.money").forEach(function (input) {
        var amount = hundredths(input.value) || 0n, source = input.dataset.source, key = party + "\n" + source;
        sum += amount;
        sources[source] = (sources[source] || 0n) + amount;
        parties[key] = (parties[key] || 0n) + amount;
        if (input.dataset.role === "grant") grant += amount;
      });
      all += sum;
      if (sum || line.querySelector("input.money").value) show(line.querySelector("[data-line-total]"), sum);
    });
    field.querySelectorAll("[data-source-total]").forEach(function (cell) {
      show(cell, sources[cell.dataset.sourceTotal] || 0n);
    });
    show(field.querySelector("[data-grand-total]"), all);
    field.querySelectorAll("tr[data-party]").forEach(function (row) {
      var sum = 0n;
      row.querySelectorAll("[data-party-source]").forEach(function (cell) {
        var amount = parties[row.dataset.party + "\n" + cell.dataset.partySource] || 0n;
        sum += amount;
        show(cell, amount);
      });
      show(row.querySelector("[data-party-total]"), sum);
    });
    showShare(field.querySelector("[data-share]"), grant, all);
  }

  /* Rounded up to a tenth, so that a share just above a limit never reads as the limit. */
  function showShare(place, grant, all) {
    if (!place) return;
    var tenths = all ? (grant * 1000n + all - 1n) / all : 0n;
    var limit = place.dataset.limitPercent;
    var percent = String(tenths / 10n) + place.closest(".table-field").dataset.decimal + String(tenths % 10n);
    place.textContent = all ? place.dataset.words.replace("{percent}", percent) : "";
    place.classList.toggle("share--over", Boolean(limit) && tenths > BigInt(limit) * 10n);
  }

  function renumber(field) {
    var rows = lines(field.querySelector(".cells"));
    rows.forEach(function (line, place) {
      line.querySelectorAll("[data-number]").forEach(function (word) { word.textContent = place + 1; });
    });
    field.querySelector("[data-lines]").value = rows.length;
    field.querySelector("[data-add]").hidden = rows.length >= MOST;
  }

  function say(field, kind, line) {
    var place = field.querySelector("[data-said]");
    place.textContent = place.dataset[kind].replace("{line}", line);
  }

  function changed(field) {
    addUp(field);
    field.querySelector("[data-lines]").dispatchEvent(new Event("change", { bubbles: true }));
  }

  function add(field) {
    var body = field.querySelector(".cells > tbody");
    var next = lines(field).reduce(function (most, line) { return Math.max(most, Number(line.dataset.line) + 1); }, 0);
    var blank = field.querySelector("template[data-blank]").innerHTML.replaceAll("-NEW-", "-" + next + "-")
      .replaceAll(":NEW\"", ":" + next + "\"").replaceAll("\"NEW\"", "\"" + next + "\"");
    body.insertAdjacentHTML("beforeend", blank);
    renumber(field);
    body.lastElementChild.querySelector("select, input, textarea").focus();
    say(field, "added", body.children.length);
  }

  function remove(field, line) {
    var number = line.querySelector("[data-number]").textContent;
    var near = line.nextElementSibling || line.previousElementSibling;
    line.remove();
    if (!near) add(field);
    renumber(field);
    if (near) near.querySelector("[data-remove]").focus();
    say(field, "removed", number);
    changed(field);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest(".table-field button[name='table']");
    if (!button) return;
    var field = button.closest(".table-field");
    event.preventDefault();
    if (button.hasAttribute("data-add")) add(field);
    else if (button.hasAttribute("data-remove")) remove(field, button.closest("tr"));
    else addUp(field);
  });
  document.addEventListener("input", function (event) {
    var field = event.target.closest(".table-field");
    if (field) addUp(field);
  });
  function prepare(root) {
    root.querySelectorAll(".table-field [data-recalculate]").forEach(function (button) { button.hidden = true; });
  }
  document.addEventListener("htmx:afterSwap", function (event) { prepare(event.target); });
  prepare(document);
})();
