// The one table with a keyboard: arrows walk from cell to cell, Enter opens beside the table, Esc leaves; who comes back stands where they
// stood. Totals come after the page. All of it works without.
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
    if (code && table.dataset.edit) drawer(table.dataset.edit.replace("/1/", `/${pk}/`) + `?c=${code}&next=${encodeURIComponent(location.search.slice(1))}`);
    else if (link) location.href = link.href;
  };

  // A cell opens in a drawer: what it says, a form, its history. Where that cannot be had, its page opens.
  const asked = { headers: { "X-Requested-With": "fetch" } };
  const part = async (answer) => {
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("dialog");
  };
  const drawer = async (url) => {
    try {
      const dialog = document.adoptNode(await part(await fetch(url, asked)));
      const from = at;
      document.body.append(dialog);
      dialog.addEventListener("close", () => {
        dialog.remove();
        stand(from);
      });
      dialog.addEventListener("click", (event) => {
        if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
      });
      dialog.addEventListener("submit", (event) => save(event, dialog));
      dialog.showModal();
      enter(dialog);
    } catch {
      location.href = url;
    }
  };
  const enter = (dialog) =>
    [".aj-sum", "form :is(input:not([type=hidden]), select)", "[data-close]"].map((one) => dialog.querySelector(one)).find(Boolean).focus();
  const save = async (event, dialog) => {
    event.preventDefault();
    const form = event.target;
    try {
      const answer = await fetch(form.action, { ...asked, method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (answer.status === 204) return location.reload();
      dialog.replaceChildren(...(await part(answer)).childNodes);
      enter(dialog);
    } catch {
      form.submit();
    }
  };

  // Where one stood is kept when the page is left, and taken up by who comes back to the same view.
  const box = table.closest(".aj-scroll"), here = location.pathname + location.search;
  window.addEventListener("pagehide", () => {
    const row = at?.parentElement;
    const stood = row && { pk: row.dataset.row, line: rows().indexOf(row), cell: cells(row).indexOf(at) };
    sessionStorage.setItem("table", JSON.stringify({ here, top: box.scrollTop, left: box.scrollLeft, y: scrollY, ...stood }));
  });
  const come = /^#r\d+$/.test(location.hash) ? location.hash.slice(2) : "";
  const again = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
  const kept = JSON.parse(sessionStorage.getItem("table") ?? "null");
  const line = (pk) => table.querySelector(`tr[data-row="${pk}"]`);
  if (come) history.replaceState(null, "", here);
  if (kept?.here === here && (come || again)) {
    const row = "pk" in kept && (line(kept.pk) ?? rows()[Math.min(kept.line, rows().length - 1)]);
    if (row) stand(cells(row)[kept.cell]);
    const back = () => {
      box.scrollTo(kept.left, kept.top);
      scrollTo(0, kept.y);
    };
    back();
    window.addEventListener("load", back);
  } else if (come && line(come)) {
    stand(cells(line(come))[0]);
  }

  const steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest("dialog")) return;
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

  fetch(table.dataset.totals, asked)
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then((text) => {
      const sums = new DOMParser().parseFromString(text, "text/html");
      sums.querySelectorAll("tr[id]").forEach((row) => document.getElementById(row.id)?.replaceWith(document.adoptNode(row)));
      sums.querySelectorAll("data").forEach((data) => {
        const tab = document.querySelector(`small[data-tab="${data.dataset.tab}"]`);
        if (tab) tab.textContent = Number(data.value).toLocaleString("en");
      });
    });
})();
