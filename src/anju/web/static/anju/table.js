// The one table with a keyboard: arrows walk from cell to cell, Enter opens, Esc leaves. Totals come after the page. All of it works without.
(() => {
  "use strict";
  const table = document.querySelector(".aj-ledger");
  if (!table) return;
  const rows = () => [...table.querySelectorAll("tr[data-row]")];
  const cells = (row) => [...row.children];
  let at = null;

  const stand = (cell) => {
    if (!cell) return;
    if (at) at.removeAttribute("tabindex");
    at = cell;
    at.tabIndex = -1;
    at.focus({ preventScroll: true });
    at.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const move = (down, right) => {
    const all = rows();
    if (!at) return stand(cells(all[0])[0]);
    const row = all.indexOf(at.parentElement) + down;
    if (all[row]) stand(cells(all[row])[cells(at.parentElement).indexOf(at) + right]);
  };
  const open = () => {
    const code = at.dataset.c, pk = at.parentElement.dataset.row;
    const link = at.querySelector("a");
    if (code && table.dataset.edit) location.href = table.dataset.edit.replace("/1/", `/${pk}/`) + `?c=${code}&next=${encodeURIComponent(location.search.slice(1))}`;
    else if (link) location.href = link.href;
  };
  const steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, summary")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "/") {
      event.preventDefault();
      event.stopImmediatePropagation();
      return document.querySelector("[data-slash]").focus();
    }
    if (event.key === "Escape" && at) return at.blur();
    if (event.key === "Enter" && at && event.target === at) return open();
    const step = steps[event.key];
    if (!step || event.target.closest("a")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    move(...step);
  }, true);
  table.addEventListener("click", (event) => {
    if (!event.target.closest("a, input")) stand(event.target.closest("tr[data-row] > *"));
  });
  table.addEventListener("dblclick", (event) => {
    if (!event.target.closest("a, input") && at) open();
  });

  // Several rows: the box of a row with Shift marks all between; the button says how many.
  const act = document.getElementById("act");
  if (act) {
    const button = act.querySelector("button");
    const boxes = [...document.querySelectorAll('input[form="act"]')];
    let last = null;
    const count = () => {
      const many = boxes.filter((box) => box.checked).length;
      button.disabled = many === 0;
      button.textContent = many ? `修改选中的 ${many} 个小区` : "修改选中的小区";
    };
    table.addEventListener("click", (event) => {
      const here = boxes.indexOf(event.target);
      if (here < 0) return;
      if (event.shiftKey && last !== null) {
        for (let n = Math.min(here, last); n <= Math.max(here, last); n += 1) boxes[n].checked = event.target.checked;
      }
      last = here;
      count();
    });
    count();
  }

  fetch(table.dataset.totals, { headers: { "X-Requested-With": "fetch" } })
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then((text) => {
      const come = new DOMParser().parseFromString(text, "text/html");
      come.querySelectorAll("tr[id]").forEach((row) => document.getElementById(row.id)?.replaceWith(document.adoptNode(row)));
      come.querySelectorAll("data").forEach((data) => {
        const tab = document.querySelector(`small[data-tab="${data.dataset.tab}"]`);
        if (tab) tab.textContent = Number(data.value).toLocaleString("en");
      });
    });
})();
