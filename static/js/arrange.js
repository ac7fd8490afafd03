/* A line of the agenda dragged to another place: sends what the number typed before it would send. Buttons and numbers
   do the same without a pointer or a script. */
(function () {
  "use strict";

  const table = document.querySelector("[data-arrange]");
  if (!table || !table.tBodies[0]) return;
  const rows = () => Array.from(table.tBodies[0].rows);
  let dragged = null;

  function target(event) {
    const row = event.target.closest("tbody tr");
    return dragged && row && row !== dragged ? row : null;
  }

  function clear() {
    rows().forEach((row) => row.classList.remove("drop-here", "dragged"));
  }

  rows().forEach((row) => {
    const handle = document.createElement("span");
    handle.className = "handle";
    handle.draggable = true;
    handle.title = "Drag to another place";
    handle.setAttribute("aria-hidden", "true");
    handle.textContent = "⠿";
    row.querySelector(".place").prepend(handle);
    handle.addEventListener("dragstart", (event) => {
      dragged = row;
      row.classList.add("dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      event.dataTransfer.setDragImage(row, 0, 0);
    });
    handle.addEventListener("dragend", () => {
      dragged = null;
      clear();
    });
  });

  table.addEventListener("dragover", (event) => {
    const row = target(event);
    if (!row) return;
    event.preventDefault();
    rows().forEach((each) => each.classList.toggle("drop-here", each === row));
  });

  table.addEventListener("drop", (event) => {
    const row = target(event);
    if (!row) return;
    event.preventDefault();
    const form = dragged.querySelector(".place input").form;
    form.elements.place.value = String(rows().indexOf(row) + 1);
    form.requestSubmit();
  });
})();
