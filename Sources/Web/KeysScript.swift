extension Script {
    /// On pages with a few answers: a letter presses the button that has it, but not while somebody writes.
    public static let keys = #"""
        "use strict";
        (function () {
          var isSent = false;
          document.addEventListener("keydown", function (event) {
            if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) { return; }
            if (isSent) { return; }
            var at = event.target;
            if (at && at.closest && at.closest("input, textarea, select")) { return; }
            var letter = event.key.toLowerCase();
            if (!/^[a-z]$/.test(letter)) { return; }
            var button = document.querySelector("[data-key='" + letter + "']");
            if (!button) { return; }
            event.preventDefault();
            button.click();
          });
          document.addEventListener("submit", function (event) {
            if (isSent) { event.preventDefault(); }
            isSent = true;
          });
          window.addEventListener("pageshow", function () { isSent = false; });
        })();

        """#
}
