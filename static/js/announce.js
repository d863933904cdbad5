// After results were replaced, says how many there are now ([data-announce]) to those who did not see it happen.
document.addEventListener("htmx:afterSettle", () => {
  const news = document.querySelector("[data-announce]");
  if (news) document.getElementById("announcer").textContent = news.textContent.trim();
});
