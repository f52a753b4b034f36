// Sets theme, language and direction before the first paint. Kept apart because the page's policy
// allows no inline script. The file name changes whenever this file does.
(function () {
  var root = document.documentElement;
  var read = function (key) {
    try {
      return window.localStorage.getItem(key);
    } catch (_) {
      return null;
    }
  };
  var theme = read("console.theme") || "system";
  var dark = theme === "dark" || (theme === "system" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  root.classList.toggle("dark", dark);
  var language = read("console.language");
  if (language) {
    root.lang = language;
    root.dir = language === "ar" ? "rtl" : "ltr";
  }
})();
