/* A form that says what its numbers sum to follows while one types; the server says it without this file. */
(function () {
  "use strict";

  document.querySelectorAll("form[data-sums]").forEach(function (form) {
    var place = form.querySelector("[data-sum]");
    function sum() {
      var total = 0;
      form.querySelectorAll("input[type=number]").forEach(function (field) {
        total += Number(field.value) || 0;
      });
      place.textContent = String(total);
    }
    form.addEventListener("input", sum);
    sum();
  });
})();
