"use strict";
// Fills the page from /api/status once a second. Texts go in as text, never as markup: an event may say anything.
(() => {
  const PERIOD_MS = 1000, PATIENCE_MS = 3000;
  const $ = (id) => document.getElementById(id);

  const make = (tag, text, className) => {
    const out = document.createElement(tag);
    if (text !== undefined) out.textContent = text;
    if (className) out.className = className;
    return out;
  };

  const set = (element, text) => { if (element.textContent !== text) element.textContent = text; };

  const link = (text, url) => {
    const out = make("a", text);
    if (/^(https?:\/\/|\/)/.test(url)) out.href = url;
    return out;
  };

  // Calls draw(part) only when the part is another than last time: what has the focus keeps it.
  const drawn = {};
  const draw_if_new = (name, part, draw) => {
    const text = JSON.stringify(part);
    if (drawn[name] === text) return;
    drawn[name] = text;
    draw(part);
  };

  const number = (value, digits = 0) => value == null ? "–" : value.toLocaleString("en", {minimumFractionDigits: digits, maximumFractionDigits: digits});
  const lab_clock = (lab_s) => {
    const minutes = Math.floor(lab_s / 60), two = (n) => String(n).padStart(2, "0");
    return two(Math.floor(minutes / 60) % 24) + ":" + two(minutes % 60);
  };
  const wall_clock = (ms) => new Date(ms).toLocaleTimeString("en-GB");

  function draw_head(s) {
    document.title = s.lab + " · Chaos lab";
    set($("title"), s.title || s.drill);
    set($("lab"), s.lab);
    set($("speed"), "× " + number(s.speed, s.speed % 1 ? 1 : 0));
    set($("state"), s.state);
    $("state").className = "badge " + (s.state === "running" ? "good" : "warn");
    set($("run"), `run ${s.run} · ${s.drill} · on call: ${s.responder || "you"} · seed ${s.seed}`);
    draw_if_new("links", s.links, (links) => $("links").replaceChildren(...links.map((one) => link(one.name, one.url)), link("Runbooks", "/runbooks/")));
  }

  function draw_alerts(alerts) {
    $("alerts").hidden = alerts.length === 0;
    $("alerts").replaceChildren(make("span", "Firing:"), ...alerts.map((one) => one.runbook ? link(one.name, one.runbook) : make("span", one.name)));
  }

  function contract_card(row, contract) {
    const card = make("div", undefined, "card"), value = make("p"), now = make("p", undefined, "now");
    card.append(make("span", row.kept ? "✓ kept" : "✗ missed", "badge " + (row.kept ? "good" : "bad")), make("span", row.name, "name"));
    value.append(make("b", row.run), " ", make("span", row.bound, "soft"));
    now.append(make("span", row.now ? "now " + row.now : "average of the run", row.kept_now ? "soft" : "hurt"));
    if (row.name === "Uptime") now.append(" ", make("span", "error budget left: " + contract.error_budget_left, "soft"));
    card.append(value, now);
    return card;
  }

  function svg(tag, attributes) {
    const out = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) out.setAttribute(name, value);
    return out;
  }

  // The planned day; it wraps at midnight where the run does.
  function draw_curve(s) {
    const from = s.start_lab_s, to = Math.max(s.end_lab_s, from + 60), curve = s.traffic.curve;
    if (curve.length === 0) return;
    const peak = Math.max(1, ...curve.map((point) => point[1]));
    const x = (lab_s) => (lab_s - from) / (to - from) * 300, y = (users) => 62 - users / peak * 58;
    const at = (lab_s) => (curve.find((point) => point[0] >= lab_s % 86400) || curve[0])[1];
    const points = [];
    for (let i = 0; i <= 120; ++i) {
      const lab_s = from + (to - from) * i / 120;
      points.push(x(lab_s).toFixed(1) + " " + y(at(lab_s)).toFixed(1));
    }
    const now = x(Math.min(s.lab_s, to)).toFixed(1);
    $("curve").replaceChildren(svg("path", {class: "area", d: `M0 64L${points.join("L")}L300 64Z`}), svg("path", {class: "line", d: "M" + points.join("L")}),
      svg("path", {class: "now", d: `M${now} 0V64`}));
    set($("curve-from"), lab_clock(from));
    set($("curve-to"), lab_clock(to));
  }

  function draw_users(s) {
    set($("users"), number(s.traffic.users));
    const how = s.traffic.fixed ? "set by hand" : Math.abs(s.traffic.users - s.traffic.planned) > 1 ? "planned " + number(s.traffic.planned) : "as planned";
    set($("planned"), how + " ·");
    set($("rate"), number(s.traffic.rate) + " requests/s");
    draw_if_new("curve", [s.traffic.curve, Math.round(s.lab_s / 60), s.start_lab_s, s.end_lab_s], () => draw_curve(s));
  }

  async function copy(button, command) {
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(command);
      button.textContent = "copied";
    } catch {
      getSelection().selectAllChildren(button.previousSibling);      // no clipboard for this page: Ctrl-C takes it from here
      button.textContent = "selected";
    }
    setTimeout(() => { button.textContent = before; }, 1500);
  }

  function draw_ways(cell, ways) {
    const list = make("dl");
    for (const way of ways) {
      const value = make("dd");
      if (way.url) {
        value.append(link(way.url, way.url));
      } else {
        const button = make("button", "copy", "copy");
        button.addEventListener("click", () => copy(button, way.command));
        value.append(make("code", way.command), button);
      }
      list.append(make("dt", way.what), value);
    }
    cell.replaceChildren(list);
  }

  const rows = new Map();

  function make_row(name) {
    const row = make("tr", undefined, "one"), ways = make("tr", undefined, "ways"), button = make("button", name, "node"), ways_cell = make("td");
    const cells = ["", "", "", "rate", "P95 ms", "errors", "version", "restarts"].map((title, i) => {
      const cell = make("td", undefined, i >= 3 && i !== 6 ? "num" : "");
      if (title) cell.dataset.name = title;
      row.append(cell);
      return cell;
    });
    const memory = make("div", undefined, "memory"), bar = make("i"), fill = make("b"), text = make("span"), state = make("span");
    bar.append(fill);
    memory.append(bar, text);
    cells[0].append(button);
    cells[1].append(state);
    cells[2].append(memory);
    ways.id = "ways-" + name;
    ways.hidden = true;
    ways_cell.colSpan = cells.length;
    ways.append(ways_cell);
    button.setAttribute("aria-controls", ways.id);
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      ways.hidden = !ways.hidden;
      button.setAttribute("aria-expanded", String(!ways.hidden));
    });
    return {row, ways, ways_cell, cells, memory, fill, text, state};
  }

  const STATES = {ready: "good", down: "bad", silent: "bad", standby: ""};

  function fill_row(out, node) {
    const ratio = node.limit ? node.resident / node.limit : 0;
    out.row.classList.toggle("idle", !node.live);
    set(out.state, node.state);
    out.state.className = "badge " + (STATES[node.state] ?? "warn");
    out.state.title = node.last_exit ? "last exit: " + node.last_exit : "";
    set(out.text, node.resident ? `${number(node.resident / 1e6)} of ${number(node.limit / 1e6)} MB` : "–");
    out.fill.style.width = Math.min(100, 100 * ratio).toFixed(0) + "%";
    out.memory.className = "memory " + (ratio > 0.85 ? "full" : ratio > 0.7 ? "near" : "");
    set(out.cells[3], number(node.rate));
    set(out.cells[4], number(node.p95_ms, 1));
    set(out.cells[5], node.error_ratio == null ? "–" : number(node.error_ratio * 100, 1) + " %");
    out.cells[5].classList.toggle("hurt", node.error_ratio > 0.01);
    set(out.cells[6], node.version);
    set(out.cells[7], number(node.restarts));
    draw_if_new("ways " + node.name, node.ways, (ways) => draw_ways(out.ways_cell, ways));
  }

  function draw_nodes(nodes) {
    draw_if_new("node names", nodes.map((node) => node.name), (names) => {
      for (const name of names) if (!rows.has(name)) rows.set(name, make_row(name));
      $("node-rows").replaceChildren(...names.flatMap((name) => [rows.get(name).row, rows.get(name).ways]));
    });
    for (const node of nodes) fill_row(rows.get(node.name), node);
  }

  function event_item(event) {
    const item = make("li"), time = make("time", event.lab), text = make("span");
    time.title = wall_clock(event.at_ms);
    text.append(make("span", event.kind + " ", "kind"), make("span", (event.node ? event.node + (event.kind === "node" ? " " : ": ") : "") + event.text, event.loud ? "loud" : ""));
    if (event.actor) text.append(make("span", " (" + event.actor + ")", "soft"));
    item.append(time, text);
    return item;
  }

  function draw_events(s) {
    draw_if_new("events", s.events, (events) => $("events").replaceChildren(...events.map(event_item).reverse()));
    $("faults").hidden = s.faults.length === 0;
    set($("faults"), "In force: " + s.faults.join("; "));
  }

  function run_row(run) {
    const row = make("tr"), back = make("td");
    for (const text of [run.run, run.drill, run.responder || "a person", new Date(run.started_ms).toLocaleString("en-GB"), run.state + " at " + run.lab]) row.append(make("td", text));
    if (run.postmortem) back.append(link("post-mortem", run.postmortem), "  ");
    if (run.dashboard) back.append(link("dashboard", run.dashboard));
    if (!run.postmortem && !run.dashboard) back.append("when it is over");
    row.append(back);
    return row;
  }

  function draw(s) {
    draw_head(s);
    draw_if_new("alerts", s.alerts, draw_alerts);
    draw_if_new("contract", s.contract, (contract) => $("contract").replaceChildren(...contract.rows.map((row) => contract_card(row, contract))));
    draw_users(s);
    draw_nodes(s.nodes);
    draw_events(s);
    draw_if_new("runs", s.runs, (runs) => $("runs").replaceChildren(...runs.map(run_row)));
  }

  let answered = Date.now();

  function tell_gone() {
    document.body.classList.add("stale");
    $("gone").hidden = false;
    set($("gone"), `No answer from the controller since ${wall_clock(answered)}. What stands below is from then.`);
  }

  async function ask() {
    try {
      const answer = await fetch("/api/status", {signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store"});
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async function look() {
    const status = await ask();
    setTimeout(look, PERIOD_MS);
    if (!status) {
      if (Date.now() - answered > PERIOD_MS) tell_gone();
      return;
    }
    answered = Date.now();
    document.body.classList.remove("stale");
    $("gone").hidden = true;
    draw(status);
  }
  look();
})();
