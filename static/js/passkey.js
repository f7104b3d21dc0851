/* Asks the browser for a passkey and sends its answer with the form around the button.
   The options come with the page as JSON; webauthn-json (of allauth) turns their bytes. */
(function () {
  "use strict";

  function options() {
    var data = JSON.parse(document.getElementById("js_data").textContent);
    return data.creation_options || data.request_options;
  }

  async function ask(button) {
    var form = button.closest("form");
    var failed = form.querySelector("[data-passkey-failed]");
    failed.hidden = true;
    button.disabled = true;
    try {
      var answer = await window.webauthnJSON[button.dataset.passkey](options());
      form.querySelector('input[name="credential"]').value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      failed.hidden = false;
    }
    button.disabled = false;
  }

  document.addEventListener("DOMContentLoaded", function () {
    if (!window.PublicKeyCredential || !window.webauthnJSON) return;
    document.querySelectorAll("[data-passkey]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { ask(button); });
    });
  });
})();
