// On a narrow screen a long introduction is shown in part, and whole when asked for.
const introduction = document.getElementById("introduction");
const introductionMore = document.getElementById("introduction-more");

function updateIntroduction() {
  const isWhole = introduction.classList.contains("whole");
  introductionMore.hidden = !isWhole && introduction.scrollHeight <= introduction.clientHeight + 2;
  introductionMore.setAttribute("aria-expanded", String(isWhole));
  introductionMore.textContent = words()[isWhole ? "less_text" : "whole_text"];
}

introductionMore.addEventListener("click", () => {
  introduction.classList.toggle("whole");
  updateIntroduction();
});
addEventListener("resize", updateIntroduction);
onChange(updateIntroduction);
