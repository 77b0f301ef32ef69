// Small comforts of the keyboard. Every page works without this file; there is nothing here that decides anything.
(() => {
  "use strict";
  const typing = (node) => node.closest("input, textarea, select, [contenteditable]") !== null;
  const openDrawer = () => document.querySelector(".aj-drawer:target");

  // "/" goes to the search box, the arrows walk along the first links of a table's rows, Enter opens as links do.
  const rowLink = (row) => row.querySelector("th a, a");
  const walk = (from, step) => {
    const links = [...from.closest("table").querySelectorAll("tbody tr")].map(rowLink).filter(Boolean);
    const here = links.indexOf(rowLink(from.closest("tr")));
    const next = links[here + step];
    if (next) next.focus();
    return next !== undefined;
  };
  const close = () => {
    const drawer = openDrawer();
    if (drawer) return drawer.querySelector("[data-close]").click();
    const menu = document.querySelector(".aj-who[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") return close();
    if (typing(event.target)) return;
    const search = document.querySelector(".aj-search input");
    if (event.key === "/" && search) {
      event.preventDefault();
      return search.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    if (event.target.closest("tbody tr")) {
      if (walk(event.target, step)) event.preventDefault();
    } else if (event.target === document.body && step === 1) {
      const first = document.querySelector("main tbody a");
      if (first) {
        event.preventDefault();
        first.focus();
      }
    }
  });

  // A menu closes when one presses beside it.
  document.addEventListener("click", (event) => {
    const menu = document.querySelector(".aj-who[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });

  // An open drawer keeps the focus; closing gives it back to what opened it.
  let opener = null;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && document.querySelector(`.aj-drawer[id="${CSS.escape(link.hash.slice(1))}"]`)) opener = link;
  });
  const settle = () => {
    const drawer = openDrawer();
    document.querySelectorAll(".aj-shell").forEach((shell) => shell.toggleAttribute("inert", drawer !== null));
    if (drawer) drawer.querySelector("[data-close]").focus();
    else if (opener) {
      opener.focus();
      opener = null;
    }
  };
  window.addEventListener("hashchange", settle);
  if (openDrawer()) settle();

  // Copying, where the browser allows it; without it the text is there to be selected.
  document.querySelectorAll("[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = "已复制";
    });
  });

  // A form with mistakes is entered at its list of mistakes; a print button prints.
  document.querySelector(".aj-form")?.querySelector(".aj-sum")?.focus();
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  // A photo is made smaller on the phone before it is sent: 2000 pixels, and nothing in it of where and when. Who agreed that place and
  // moment are kept sends it as it is; so does a browser that cannot do this.
  document.querySelectorAll("form[data-photos]").forEach((form) => {
    const input = form.querySelector("input[type=file]");
    const consent = form.querySelector("[name=consent]");
    if (!input || !window.createImageBitmap || !window.DataTransfer) return;
    let chosen = [];
    let ready = Promise.resolve();
    const smaller = async (file) => {
      if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < 400000) return file;
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, 2000 / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.72));
      return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
    };
    const hint = form.querySelector(".aj-have small");
    const said = hint && hint.textContent;
    const settle = async () => {
      const kept = consent && consent.checked ? chosen : await Promise.all(chosen.map((file) => smaller(file).catch(() => file)));
      const list = new DataTransfer();
      kept.forEach((file) => list.items.add(file));
      input.files = list.files;
    };
    input.addEventListener("change", () => {
      const most = Number(form.dataset.photos);
      if (hint) hint.textContent = input.files.length > most ? `最多 ${most} 张，取了前 ${most} 张` : said;
      chosen = [...input.files].slice(0, most);
      ready = settle();
    });
    if (consent) consent.addEventListener("change", () => (ready = chosen.length ? settle() : ready));
    let waited = false;
    let asked = false;
    form.addEventListener("submit", (event) => {
      if (waited) return;
      event.preventDefault();
      if (asked) return;
      asked = true;
      const pressed = event.submitter;
      const send = () => {
        asked = false;
        waited = true;
        form.dataset.again = "";
        form.requestSubmit(pressed);
        delete form.dataset.again;
        waited = false;
      };
      ready.finally(() => setTimeout(send)); // not before this event is over: until then a form refuses to be sent again
    });
  });

  // Without a network a citizen's form stays as it is, with the photo and the words in it, until there is one again. With a slow one it
  // says that it is being sent, and takes no second press meanwhile: that would begin anew.
  document.querySelectorAll(".aj-one form[method=post]").forEach((form) => {
    const told = document.createElement("p");
    told.setAttribute("role", "alert");
    let timers = [];
    const tell = (pressed, kind, text) => {
      told.className = `aj-say ${kind}`;
      told.textContent = text;
      (pressed.closest(".aj-tiles, .aj-taps, .aj-same") || pressed).after(told);
      told.scrollIntoView({ block: "nearest" });
    };
    const rest = () => {
      timers.forEach(clearTimeout);
      form.classList.remove("is-sending");
      told.remove();
    };
    const wait = (pressed) => {
      form.classList.add("is-sending");
      const late = () => {
        form.classList.remove("is-sending");
        tell(pressed, "is-warn", "网太慢，可能还没有发出去。可以再按一次。");
      };
      timers = [setTimeout(tell, 1000, pressed, "", "正在发送，请稍等，不要关掉这一页。"), setTimeout(late, 90000)];
    };
    form.addEventListener(
      "submit",
      (event) => {
        const again = "again" in form.dataset;
        if (form.classList.contains("is-sending") && !again) {
          event.preventDefault();
          return event.stopImmediatePropagation();
        }
        rest();
        const pressed = event.submitter || form.lastElementChild;
        if (navigator.onLine) return wait(pressed);
        event.preventDefault();
        event.stopImmediatePropagation();
        tell(pressed, "is-warn", "现在没有网，还没有发出。写的和照片都在，有网了再按一次。");
      },
      true,
    );
    window.addEventListener("pageshow", rest);
  });

  // Blackening: with the button held the pointer paints fields of the grid, as the first one it met. On a phone a finger moves the picture.
  document.querySelectorAll(".aj-cells").forEach((grid) => {
    let paint = null;
    const mark = (event) => {
      const field = document.elementFromPoint(event.clientX, event.clientY);
      if (paint !== null && field && grid.contains(field) && field.matches("input")) field.checked = paint;
    };
    grid.addEventListener("pointerdown", (event) => {
      if (!event.target.matches("input")) return;
      if (event.pointerType === "touch" && getComputedStyle(grid).touchAction !== "none") return;
      paint = !event.target.checked;
      event.target.releasePointerCapture(event.pointerId);
    });
    grid.addEventListener("pointermove", mark);
    grid.addEventListener("click", (event) => {
      if (event.target.matches("input") && event.detail > 0 && paint !== null) event.target.checked = paint;
      paint = null;
    });
    document.addEventListener("pointerup", () => setTimeout(() => (paint = null)));
  });
})();
