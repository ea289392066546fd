#!/usr/bin/env python3
"""table.py RESULTS.json > peers.md: the medians of a comparison as markdown, this engine first. See README.md."""
import json
import sys

OURS = "gmm-fast"
POINT = (("point_proba_us", ""), ("point_score_us", " d"), ("point_predict_us", " l"))
OTHER_ANSWER = 1e-6


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:#.3g}"


def table(header, rows):
    rows = [header] + rows
    widths = [max(len(row[c]) for row in rows) for c in range(len(header))]
    rows.insert(1, ["-" * w for w in widths])
    return "\n".join("| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths)) + " |" for row in rows) + "\n"


def main():
    with open(sys.argv[1]) as file:
        results = json.load(file)
    cells = {(r["scenario"], r["variant"], r["peer"], r["threads"], r["metric"]): r for r in results["rows"] if "median" in r}
    shapes = {r["scenario"]: f"{r['N']}x{r['D']}x{r['K']} {r['cov']}" for r in cells.values()}
    systems = list(dict.fromkeys(key[2] for key in cells))
    systems.sort(key=lambda system: system != OURS)
    most = {system: max(key[3] for key in cells if key[2] == system) for system in systems}

    def iteration(scenario, variant, system, threads):
        r = cells.get((scenario, variant, system, threads, "em_ms_per_iter"))
        if not r:
            return None, "-"
        return r["median"], number(r["median"]) + (" *" if r.get("ll_rel_error", 0) > OTHER_ANSWER else "")

    def point(scenario, system):
        for metric, mark in POINT:
            r = cells.get((scenario, "ovl", system, most[system], metric))
            if r:
                return number(r["median"]) + mark
        return "-"

    def compared(scenario):
        values = {system: iteration(scenario, "ovl", system, most[system]) for system in systems}
        others = [value for system, (value, _) in values.items() if system != OURS and value]
        ours = values.get(OURS, (None, ""))[0]
        factor = f"{min(others) / ours:.1f} x" if ours and others else "-"
        return [shapes[scenario]] + [text for _, text in values.values()] + [factor]

    def memory(scenario, system):
        r = cells.get((scenario, "ovl", system, most[system], "em_ms_per_iter"), {})
        return f"{r['rss_mb']:.0f}" if "rss_mb" in r else "-"

    titles = [f"{s}, {most[s]} thread{'s' if most[s] > 1 else ''}" for s in systems]
    runs = sorted({(key[0], key[1], key[3]) for key in cells if key[4] == "em_ms_per_iter"})
    host = results["host"]
    print(f"""# Peers

The same points, start and iterations for every system; {host['date'][:10]}, {host['cpus']} processors, FMA rate of each alone, summed:
{host['best_calib_gflops']:.0f} GFLOP/s. Medians. `*`: the final log-likelihood differs from that of plain EM by more than {OTHER_ANSWER:g} of it.

Milliseconds per EM iteration, overlapping components, the most threads that a system was given:
""")
    print(table(["shape"] + titles + ["fastest other / " + OURS], [compared(scenario) for scenario in sorted(shapes)]))
    print("Milliseconds per EM iteration, separated (`sep`) and overlapping (`ovl`) components:\n")
    print(table(["shape", "data", "threads"] + systems,
                [[shapes[s], v, str(t)] + [iteration(s, v, system, t)[1] for system in systems] for s, v, t in runs]))
    print("Microseconds for one point in a call of its own: responsibilities, or where a system has none the log-density (d) or the label (l):\n")
    print(table(["shape"] + systems, [[shapes[s]] + [point(s, system) for system in systems] for s in sorted(shapes)]))
    print("Peak memory of the process right after EM, MB, data and runtime included:\n")
    print(table(["shape"] + systems, [[shapes[s]] + [memory(s, system) for system in systems] for s in sorted(shapes)]), end="")


if __name__ == "__main__":
    main()
