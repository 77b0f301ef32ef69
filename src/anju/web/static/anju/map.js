// Maps: the table's selection as points and areas, and one compound's area to look at and to draw. The lists and the form beside them
// work without. Every text goes in as text, every colour comes from the stylesheet.
(() => {
  "use strict";
  if (!window.L) return;
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const make = (tag, words, kind = "") => {
    const node = document.createElement(tag);
    node.textContent = words;
    node.className = kind;
    return node;
  };
  const say = (words) => {
    const line = document.querySelector(".aj-geo-say");
    line.textContent = words;
    line.hidden = !words;
  };

  const open = (box) => {
    const map = L.map(box, { zoomControl: false, attributionControl: false, minZoom: 5, maxZoom: 19 });
    L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
    L.control.scale({ imperial: false, maxWidth: 120 }).addTo(map);
    const north = L.control({ position: "topright" });
    north.onAdd = () => make("div", "↑ 北", "aj-geo-north");
    north.addTo(map);
    for (const url of (box.dataset.tiles || "").split(" ").filter(Boolean)) L.tileLayer(url, { subdomains: "01234567", maxZoom: 19, maxNativeZoom: 18 }).addTo(map);
    return map;
  };
  const turned = ([east, north]) => [north, east];
  const rings = (geometry) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates).map((polygon) => polygon.map((ring) => ring.map(turned)));
  const area = (geometry, look) => L.polygon(rings(geometry), look);
  const looks = {
    area: () => ({ color: css("--aj-blue"), weight: 1.5, fillOpacity: 0.08 }),
    other: () => ({ color: css("--aj-text2"), weight: 1, fillOpacity: 0.06 }),
    draft: () => ({ color: css("--aj-blue"), weight: 2.5, fillOpacity: 0.14 }),
    shared: () => ({ color: css("--aj-amber"), weight: 1, fillOpacity: 0.45, interactive: false }),
  };

  // The outline of points, walked counter-clockwise (Andrew's monotone chain).
  const hull = (points) => {
    const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const side = (list) => {
      const kept = [];
      for (const p of list) {
        for (let n = kept.length; n > 1; n = kept.length) {
          const [a, b] = [kept[n - 2], kept[n - 1]];
          if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
          kept.pop();
        }
        kept.push(p);
      }
      return kept.slice(0, -1);
    };
    return [...side(sorted), ...side(sorted.reverse())];
  };
  const middle = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

  // 1. The selection
  const selection = (box) => {
    const draw = ({ features }) => {
      const points = features.filter((one) => one.geometry.type === "Point");
      const areas = features.filter((one) => one.geometry.type !== "Point");
      if (!features.length) return say("这些小区都还没有坐标，也没有管理区域。登记经纬度以后，这里看得到在哪里。");
      const centre = points.length && [0, 1].map((axis) => middle(points.map((one) => one.geometry.coordinates[axis])));
      const far = points.filter((one) => Math.max(...[0, 1].map((axis) => Math.abs(one.geometry.coordinates[axis] - centre[axis]))) > 1);
      const near = points.filter((one) => !far.includes(one));
      const map = open(box);
      const go = ({ id }) => () => { location.href = box.dataset.open.replace("/1/", `/${id}/`); };
      const shown = new Map();
      const put = (layer, told, words) => {
        layer.bindTooltip(make("span", words)).on("click", go(told)).addTo(map);
        shown.set(`${told.id}`, layer);
      };
      for (const { geometry, properties: told } of areas) put(area(geometry, looks.area()), told, `${told.name}，管理区域 ${Math.round(told.size / 100).toLocaleString("en")}㎡${told.rough ? "（概略）" : ""}`);
      if (!box.dataset.tiles) outline(map, near);
      const dot = ({ geometry, properties: told }) => {
        const colour = css(`--aj-geo-${told.state}`);
        const look = told.rough ? { color: colour, weight: 2, dashArray: "2 2", fillOpacity: 0.15 } : { color: css("--aj-card"), weight: 1, fillColor: colour, fillOpacity: 1 };
        const mark = L.circleMarker(turned(geometry.coordinates), { radius: told.state === "unmanaged" ? 7 : 6, className: "aj-geo-dot", ...look });
        put(mark, told, told.rough ? `${told.name}（概略）` : told.name);
        return mark;
      };
      if (near.length <= MANY) near.forEach(dot);
      const all = [...near.map((one) => L.latLngBounds([turned(one.geometry.coordinates)])), ...areas.map((one) => area(one.geometry, {}).getBounds())];
      map.fitBounds(all.reduce((sum, one) => sum.extend(one), L.latLngBounds([])), { padding: [28, 28], maxZoom: 17, animate: false });
      say(far.length ? `${far.length} 个小区的坐标离本县太远，没有画出，请核对：${far.slice(0, 5).map((one) => one.properties.name).join("、")}${far.length > 5 ? "等" : ""}` : "");
      if (near.length > MANY) grouped(map, near, dot, shown);
      box.dataset.drawn = near.length;
      beside(map, shown);
    };
    say("正在载入地图…");
    fetch(box.dataset.geo, { headers: { "X-Requested-With": "fetch" } })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error())))
      .then(draw)
      .catch(() => say("地图没有载入成功，请刷新再试；旁边的列表不受影响。"));
  };
  // Many points stand in groups: those in one square of the screen are one number, which opens them. Only what is in sight is drawn, and
  // what stays in sight is left alone, so that a group keeps the focus while the map moves under it.
  const MANY = 300, SQUARE = 72, SINGLE = 17;
  const grouped = (map, points, dot, shown) => {
    const where = points.map(({ geometry }) => map.project(turned(geometry.coordinates), 0));
    let drawn = new Map();
    const redraw = () => {
      const zoom = map.getZoom(), scale = 2 ** zoom / SQUARE;
      const sight = map.getBounds().pad(0.3), [low, high] = [sight.getNorthWest(), sight.getSouthEast()].map((corner) => map.project(corner, 0));
      const squares = new Map();
      points.forEach((one, n) => {
        const { x, y } = where[n], square = [x, y].map((axis) => Math.floor(axis * scale));
        const inside = x > low.x && x < high.x && y > low.y && y < high.y;
        const key = zoom < SINGLE ? `${zoom} ${square.join(" ")}` : `${n}`;
        const there = squares.get(key) ?? { some: [], inside: false };
        there.some.push(one);
        there.inside ||= inside;
        squares.set(key, there);
      });
      const kept = new Map();
      for (const [key, { some, inside }] of squares) if (inside) kept.set(key, drawn.get(key) ?? (some.length > 1 ? group(map, some, shown) : dot(some[0])));
      const lost = map.getContainer().querySelector(".aj-geo-group:focus");
      for (const [key, layer] of drawn) if (!kept.has(key)) layer.remove();
      if (lost && !lost.isConnected) map.getContainer().focus({ preventScroll: true });
      drawn = kept;
    };
    map.on("moveend", redraw);
    redraw();
  };
  const group = (map, some, shown) => {
    const bounds = L.latLngBounds(some.map(({ geometry }) => turned(geometry.coordinates)));
    const bare = some.filter(({ properties }) => properties.state === "unmanaged").length;
    const words = `${some.length.toLocaleString("en")} 个小区${bare ? `，失管 ${bare.toLocaleString("en")} 个` : ""}`;
    const size = 26 + 6 * Math.floor(Math.log10(some.length));
    const icon = L.divIcon({ className: bare ? "aj-geo-group has-bare" : "aj-geo-group", html: make("span", some.length.toLocaleString("en")), iconSize: [size, size] });
    const mark = L.marker(bounds.getCenter(), { icon, alt: words, riseOnHover: true }).bindTooltip(make("span", words));
    const enter = () => map.fitBounds(bounds, { padding: [40, 40], maxZoom: Math.max(SINGLE, map.getZoom()), animate: false });
    mark.on("click", enter).on("keypress", ({ originalEvent: { key } }) => { if (key === "Enter" || key === " ") enter(); }).addTo(map);
    mark.getElement().setAttribute("aria-label", `${words}，放大看`);
    for (const { properties } of some) shown.set(`${properties.id}`, mark);
    return mark;
  };
  const outline = (map, points) => {
    const towns = new Map();
    for (const { geometry, properties } of points) towns.set(properties.town, [...(towns.get(properties.town) || []), turned(geometry.coordinates)]);
    for (const [name, places] of towns) {
      const line = hull(places);
      if (line.length > 2) L.polygon(line, { color: css("--aj-line2"), weight: 1.5, dashArray: "5 4", fillColor: css("--aj-card"), fillOpacity: 0.6, interactive: false }).addTo(map);
      const top = places.reduce((a, b) => (b[0] > a[0] ? b : a));
      L.marker(top, { interactive: false, keyboard: false, icon: L.divIcon({ className: "aj-geo-town", html: make("span", name), iconSize: [0, 0], iconAnchor: [0, 22] }) }).addTo(map);
    }
  };
  // A line of the list shows its place.
  const beside = (map, shown) => {
    for (const link of document.querySelectorAll("[data-place]")) {
      const place = () => shown.get(link.dataset.place);  // a group may hold it
      const on = () => { place()?.openTooltip(); place()?.bringToFront?.(); };
      const off = () => place()?.closeTooltip();
      for (const [event, act] of [["mouseenter", on], ["focus", on], ["mouseleave", off], ["blur", off]]) link.addEventListener(event, act);
    }
  };

  // 2. One compound's area
  const single = (box) => {
    const told = JSON.parse(box.dataset.area);
    const map = open(box);
    const bounds = L.latLngBounds([]);
    for (const { name, geometry } of told.others) area(geometry, looks.other()).bindTooltip(make("span", name)).addTo(map);
    const main = told.draft || told.now;
    if (told.now && told.draft) area(told.now, { ...looks.area(), dashArray: "4 4", fillOpacity: 0 }).bindTooltip(make("span", "现在的区域")).addTo(map);
    const text = document.querySelector("textarea[name=area]");
    const simple = main && rings(main).length === 1 && rings(main)[0].length === 1 && rings(main)[0][0].length <= 200;
    const fixed = main && !(text && simple) ? area(main, looks.draft()).addTo(map) : null;
    for (const geometry of told.shared) area(geometry, looks.shared()).addTo(map);
    for (const place of told.faults) {
      L.circleMarker(turned(place), { radius: 9, color: css("--aj-amber"), weight: 3, fillOpacity: 0 }).bindTooltip(make("span", "问题在这里"), { permanent: true, direction: "right", offset: [8, 0] }).addTo(map);
    }
    if (told.point) {
      L.circleMarker(turned(told.point), { radius: 5, color: css("--aj-card"), weight: 1, fillColor: css("--aj-ink"), fillOpacity: 1 }).bindTooltip(make("span", told.rough ? "小区坐标（概略）" : "小区坐标")).addTo(map);
      bounds.extend(turned(told.point));
    }
    if (main) bounds.extend(area(main, {}).getBounds());
    else for (const { geometry } of told.others) bounds.extend(area(geometry, {}).getBounds());
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [36, 36], maxZoom: 17, animate: false });
    else map.setView(turned(told.centre), 13);
    say("");
    box.dataset.drawn = "1";
    if (text) drawing(map, box, text, main && simple ? rings(main)[0][0].slice(0, -1) : [], fixed);
  };
  // Clicks set corners, corners can be dragged; what is drawn stands in the field as GeoJSON, which is what is sent.
  const drawing = (map, box, text, corners, fixed) => {
    const line = L.polygon([], looks.draft()).addTo(map);
    const marks = L.layerGroup().addTo(map);
    const tools = document.querySelector("[data-draw-tools]");
    const buttons = Object.fromEntries([...tools.querySelectorAll("button")].map((button) => [button.dataset.draw, button]));
    let active = false;
    const write = () => {
      const ring = corners.map(([north, east]) => [Number(east.toFixed(7)), Number(north.toFixed(7))]);
      text.value = ring.length > 2 ? JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] }) : "";
      document.querySelector("select[name=system]").value = "cgcs2000";
    };
    const show = () => {
      line.setLatLngs(corners);
      marks.clearLayers();
      if (active) corners.forEach((corner, at) => {
        const mark = L.marker(corner, { draggable: true, keyboard: false, icon: L.divIcon({ className: "aj-geo-corner", iconSize: [14, 14] }) }).addTo(marks);
        mark.on("drag", () => { corners[at] = [mark.getLatLng().lat, mark.getLatLng().lng]; line.setLatLngs(corners); });
        mark.on("dragend", () => { write(); show(); });
      });
      buttons.undo.disabled = buttons.clear.disabled = !active || !corners.length;
      buttons.start.setAttribute("aria-pressed", active);
      buttons.start.textContent = active ? "画好了" : corners.length ? "改边线" : "在图上画";
      box.classList.toggle("is-drawing", active);
    };
    map.on("click", ({ latlng }) => {
      if (!active) return;
      corners.push([latlng.lat, latlng.lng]);
      write();
      show();
    });
    const acts = {
      start: () => { active = !active; if (active) { fixed?.remove(); map.doubleClickZoom.disable(); } else map.doubleClickZoom.enable(); show(); },
      undo: () => { corners.pop(); write(); show(); },
      clear: () => { corners.length = 0; write(); show(); },
    };
    for (const [name, act] of Object.entries(acts)) buttons[name].addEventListener("click", act);
    tools.hidden = false;
    show();
  };

  const chosen = document.querySelector("[data-geo]");
  if (chosen) selection(chosen);
  const one = document.querySelector("[data-area]");
  if (one) single(one);
})();
