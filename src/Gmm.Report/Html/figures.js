// What the figures of a report show: from the JSON beside them to plotly's traces and layouts. No text from a data file becomes markup: plotly reads some
// tags in texts as formatting, so every such text goes through literal().
(() => {
  'use strict';

  const manyPoints = 4000; // beyond, WebGL draws faster than SVG
  const mostHoverLines = 12;
  const wide = 640;
  const clouds = new Map();
  const webgl = (() => {
    try { return !!document.createElement('canvas').getContext('webgl'); } catch { return false; }
  })();

  const literal = text => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  // Long names would leave no room for the figure.
  const shorten = (text, most) => [...text].length <= most ? text : [...text].slice(0, most - 1).join('') + '…';

  // Titles of three-dimensional axes know tags and templates but not entities: an invisible space keeps either from being one.
  const literalInScene = text => shorten(text, 28).replace(/</g, '<\u200b').replace(/%(?=\{)/g, '%\u200b');

  const range = n => Array.from({ length: n }, (_, i) => i);

  // ---- data -----------------------------------------------------------------------------------------------------------------------------------

  function binary(text, type) {
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return new type(bytes.buffer);
  }

  const colorStrings = bytes => range(bytes.length / 3).map(i => `rgb(${bytes[3 * i]},${bytes[3 * i + 1]},${bytes[3 * i + 2]})`);

  function cloudOf(id) {
    if (clouds.has(id)) return clouds.get(id);
    const json = JSON.parse(document.getElementById(id).textContent);
    const cloud = {
      count: json.count, components: json.components, hex: json.colorsOfComponents, shares: json.shares,
      rows: json.rows ? binary(json.rows, Int32Array) : null,
      shareComponents: binary(json.shareComponents, Uint16Array), shareValues: binary(json.shareValues, Uint16Array),
      colors: colorStrings(binary(json.colors, Uint8Array)),
      columns: json.columns.map(column => {
        const values = Float64Array.from(binary(column.values, Float32Array), value => value + column.middle);
        return { name: column.name, min: column.min, max: column.max, values, format: formatter(column.max - column.min, column.middle) };
      }),
    };
    cloud.members = range(cloud.components).map(() => []);
    for (let i = 0; i < cloud.count; i++) cloud.members[cloud.shareComponents[i * cloud.shares]].push(i);
    clouds.set(id, cloud);
    return cloud;
  }

  // As many digits as single precision about the middle of the range has.
  function formatter(span, middle) {
    const decimals = span > 0 ? Math.ceil(6 - Math.log10(span)) : 6;
    const digits = span > 0 ? Math.ceil(7 + Math.log10(Math.max(1, Math.abs(middle) / span))) : 7;
    if (decimals > 15 || decimals < -6) return value => String(Number(value.toPrecision(Math.min(17, digits))));
    return value => String(Number(value.toFixed(Math.max(0, decimals))));
  }

  const valueText = (column, i) => Number.isNaN(column.values[i]) ? 'missing' : column.format(column.values[i]);

  function hoverText(cloud, i, first) {
    const order = [...new Set([...first, ...cloud.columns.keys()])].slice(0, mostHoverLines);
    const lines = [`row ${cloud.rows ? cloud.rows[i] : i}`];
    for (const j of order) lines.push(`${literal(cloud.columns[j].name)}: ${valueText(cloud.columns[j], i)}`);
    if (order.length < cloud.columns.length) lines.push(`and ${cloud.columns.length - order.length} more columns`);
    for (let s = 0; s < cloud.shares; s++) {
      const share = cloud.shareValues[i * cloud.shares + s] / 65535;
      if (s === 0 || share >= 0.00005) lines.push(`component ${cloud.shareComponents[i * cloud.shares + s]}: ${share.toFixed(4)}`);
    }
    return lines.join('<br>');
  }

  // ---- looks ----------------------------------------------------------------------------------------------------------------------------------

  function themeNow() {
    const style = getComputedStyle(document.documentElement);
    const of = name => style.getPropertyValue(name).trim();
    return {
      paper: of('--paper'), ink: of('--ink'), muted: of('--muted'), line: of('--line'), grid: of('--grid'), accent: of('--accent'),
      bar: of('--bar'),
      isDark: of('--scheme') === 'dark', font: style.fontFamily,
    };
  }

  // Lines lie on points of the same color, so they are darker on white and lighter on black.
  function lineColor(hex, theme) {
    const parts = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
    return `rgb(${parts.map(v => Math.round(theme.isDark ? v + (255 - v) * 0.35 : v * 0.72)).join(',')})`;
  }

  const tokens = value => typeof value === 'string' && value.startsWith('@');

  function withTheme(value, theme) {
    if (Array.isArray(value)) return value.map(item => withTheme(item, theme));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) =>
      [key, /color$/i.test(key) && tokens(item) ? theme[item.slice(1)] : withTheme(item, theme)]));
  }

  const axis = (theme, title, more = {}) => ({
    title: { text: literal(shorten(title, 60)), standoff: 8 }, automargin: true,
    gridcolor: theme.grid, zerolinecolor: theme.grid, linecolor: theme.line, ...more,
  });

  function layoutOf(theme, { width, height }, more) {
    const narrow = width < wide;
    const belowAxis = -62 / Math.max(100, height - 76);
    return {
      autosize: true, paper_bgcolor: theme.paper, plot_bgcolor: theme.paper, hovermode: 'closest', dragmode: narrow ? false : 'zoom',
      font: { family: theme.font, size: narrow ? 12 : 13, color: theme.ink },
      margin: { l: 48, r: 16, t: 32, b: 44 },
      legend: narrow ? { itemsizing: 'constant', orientation: 'h', y: belowAxis, yanchor: 'top', x: 0 } : { itemsizing: 'constant', x: 1.02, y: 1 },
      hoverlabel: { bgcolor: theme.paper, bordercolor: theme.line, font: { family: theme.font, size: 13, color: theme.ink }, align: 'left' },
      ...more,
    };
  }

  // ---- traces ---------------------------------------------------------------------------------------------------------------------------------

  const group = k => ({ legendgroup: `c${k}`, name: `component ${k}`, showlegend: false });

  const pointSize = count => count <= 500 ? 8 : count <= 4000 ? 5.5 : count <= 20000 ? 4 : 3;

  function pointTraces(cloud, dims, theme, type, place) {
    return cloud.members.map((members, k) => ({
      ...group(k), ...place(members), type, mode: 'markers', meta: { role: 'points', component: k },
      text: members.map(i => hoverText(cloud, i, dims)), hoverinfo: 'text',
      marker: {
        color: members.map(i => cloud.colors[i]),
        size: type === 'scatter3d' ? Math.max(2, pointSize(cloud.count) / 2) : pointSize(cloud.count),
        opacity: cloud.count > manyPoints ? 0.7 : 0.9, line: { width: type === 'scatter' && cloud.count <= 500 ? 0.75 : 0, color: theme.paper },
      },
    }));
  }

  const covariance = (triangle, i, j) => i >= j ? triangle[i * (i + 1) / 2 + j] : triangle[j * (j + 1) / 2 + i];

  // The lower Cholesky factor of the covariance in the chosen dimensions: mean + radius L u is the ellipse or ellipsoid, u on the unit circle or sphere.
  function factor(triangle, dims) {
    const lower = dims.map(() => dims.map(() => 0));
    for (let i = 0; i < dims.length; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = covariance(triangle, dims[i], dims[j]);
        for (let m = 0; m < j; m++) sum -= lower[i][m] * lower[j][m];
        lower[i][j] = i === j ? Math.sqrt(Math.max(0, sum)) : lower[j][j] > 0 ? sum / lower[j][j] : 0;
      }
    }
    return lower;
  }

  const image = (mean, lower, radius, u) => lower.map((row, i) => mean[i] + radius * row.reduce((sum, value, j) => sum + value * u[j], 0));

  function ellipse(model, k, dims, radius, corners = 96) {
    const mean = dims.map(j => model.means[k][j]);
    const lower = factor(model.covariances[k], dims);
    const angles = range(corners + 1).map(i => 2 * Math.PI * (i % corners) / corners);
    const points = angles.map(t => image(mean, lower, radius, [Math.cos(t), Math.sin(t)]));
    return { x: points.map(p => p[0]), y: points.map(p => p[1]) };
  }

  function ellipseTraces(hex, model, dims, theme, type = 'scatter') {
    return [1, 2].flatMap(radius => hex.map((color, k) => ({
      ...group(k), ...ellipse(model, k, dims, radius), type, mode: 'lines', hoverinfo: 'skip',
      meta: { role: 'ellipse', component: k, radius },
      line: { color: lineColor(color, theme), width: radius === 1 ? 2 : 1.5, dash: radius === 1 ? 'solid' : 'dash' },
    })));
  }

  function meanTraces(hex, model, dims, theme, cloud, type = 'scatter') {
    return hex.map((color, k) => {
      const values = dims.map(j => model.means[k][j]);
      const text = [`mean of component ${k}`, `weight: ${model.weights[k].toFixed(4)}`,
        ...dims.map((j, i) => `${literal(cloud.columns[j].name)}: ${cloud.columns[j].format(values[i])}`)].join('<br>');
      return {
        ...group(k), x: [values[0]], y: [values[1]], ...(dims.length > 2 ? { z: [values[2]] } : {}), type, mode: 'markers', showlegend: true,
        text: [text], hoverinfo: 'text', meta: { role: 'mean', component: k },
        marker: type === 'scatter3d'
          ? { symbol: 'diamond', color: lineColor(color, theme), size: 6 }
          : { symbol: 'x', color, size: 11, line: { color: theme.ink, width: 1.5 } },
      };
    });
  }

  function ellipsoidTraces(hex, model, dims, radius = 2) {
    const [rings, steps] = [12, 24];
    const sphere = range(rings + 1).flatMap(a => range(steps).map(b => {
      const [t, p] = [Math.PI * a / rings, 2 * Math.PI * b / steps];
      return [Math.sin(t) * Math.cos(p), Math.sin(t) * Math.sin(p), Math.cos(t)];
    }));
    const [i, j, k] = [[], [], []];
    for (let a = 0; a < rings; a++) {
      for (let b = 0; b < steps; b++) {
        const corner = (r, s) => r * steps + s % steps;
        i.push(corner(a, b), corner(a + 1, b + 1));
        j.push(corner(a + 1, b), corner(a, b + 1));
        k.push(corner(a + 1, b + 1), corner(a, b));
      }
    }
    return hex.map((color, c) => {
      const mean = dims.map(d => model.means[c][d]);
      const lower = factor(model.covariances[c], dims);
      const corners = sphere.map(u => image(mean, lower, radius, u));
      return {
        ...group(c), type: 'mesh3d', x: corners.map(p => p[0]), y: corners.map(p => p[1]), z: corners.map(p => p[2]), i, j, k,
        color, opacity: 0.13, hoverinfo: 'skip', flatshading: false, meta: { role: 'ellipsoid', component: c, radius },
      };
    });
  }

  function densityTraces(hex, model, column, theme) {
    const margin = 0.06 * (column.max - column.min) || 1;
    const x = range(401).map(i => column.min - margin + (column.max - column.min + 2 * margin) * i / 400);
    const curves = hex.map((_, k) => {
      const [mean, variance] = [model.means[k][0], model.covariances[k][0]];
      return x.map(v => model.weights[k] * Math.exp(-((v - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance));
    });
    const sum = x.map((_, i) => curves.reduce((total, curve) => total + curve[i], 0));
    return [
      ...hex.map((color, k) => ({
        ...group(k), x, y: curves[k], type: 'scatter', mode: 'lines', showlegend: true, hoverinfo: 'skip',
        meta: { role: 'density', component: k }, line: { color, width: 2 }, fill: 'tozeroy', fillcolor: color + '33',
      })),
      {
        x, y: sum, type: 'scatter', mode: 'lines', name: 'sum', hoverinfo: 'skip', meta: { role: 'sum' },
        line: { color: theme.ink, width: 2, dash: 'dot' },
      },
    ];
  }

  function histogramTrace(histogram, theme) {
    const { edges, heights, counts } = histogram;
    const tick = formatter(edges[edges.length - 1] - edges[0], edges[0]);
    return {
      x: heights.map((_, i) => (edges[i] + edges[i + 1]) / 2), y: heights, width: heights.map((_, i) => edges[i + 1] - edges[i]),
      type: 'bar', name: 'data', meta: { role: 'histogram' }, marker: { color: theme.bar, line: { width: 1, color: theme.paper } },
      text: counts.map((n, i) => `${tick(edges[i])} to ${tick(edges[i + 1])}<br>points: ${n}`), hoverinfo: 'text', textposition: 'none',
    };
  }

  // Spreads points that have one coordinate over a strip, the same way each time: the golden ratio never falls into step.
  const jitter = i => (i * 0.6180339887498949) % 1;
  const pick = (column, members) => members.map(i => column.values[i]);

  // ---- figures: each builds data and layout for the theme and the chosen dimensions -----------------------------------------------------------

  const builders = {
    traces: (spec, plot, theme) => {
      const { xaxis, yaxis, ...layout } = withTheme(spec.layout, theme);
      const look = axis(theme, '');
      return { data: withTheme(spec.data, theme), layout: { ...layout, xaxis: { ...look, ...xaxis }, yaxis: { ...look, ...yaxis } } };
    },

    scatter: (spec, plot, theme) => {
      const cloud = cloudOf(spec.cloud);
      const [x, y] = plot.dims;
      // One kind for all traces: plotly draws WebGL above SVG, so points would cover the ellipses.
      const type = cloud.count > manyPoints && webgl ? 'scattergl' : 'scatter';
      return {
        data: [
          ...pointTraces(cloud, plot.dims, theme, type, members =>
            ({ x: pick(cloud.columns[x], members), y: pick(cloud.columns[y], members) })),
          ...ellipseTraces(cloud.hex, spec.model, plot.dims, theme, type),
          ...meanTraces(cloud.hex, spec.model, plot.dims, theme, cloud, type),
        ],
        layout: { xaxis: axis(theme, cloud.columns[x].name), yaxis: axis(theme, cloud.columns[y].name) },
      };
    },

    scatter3d: (spec, plot, theme) => {
      const cloud = cloudOf(spec.cloud);
      const [x, y, z] = plot.dims;
      const sceneAxis = j => ({
        title: { text: literalInScene(cloud.columns[j].name) }, color: theme.ink, gridcolor: theme.line, zerolinecolor: theme.line,
        showbackground: false,
      });
      return {
        data: [
          ...pointTraces(cloud, plot.dims, theme, 'scatter3d', members =>
            ({ x: pick(cloud.columns[x], members), y: pick(cloud.columns[y], members), z: pick(cloud.columns[z], members) })),
          ...ellipsoidTraces(cloud.hex, spec.model, plot.dims), ...meanTraces(cloud.hex, spec.model, plot.dims, theme, cloud, 'scatter3d'),
        ],
        layout: {
          margin: { l: 0, r: 0, t: 32, b: 0 }, dragmode: 'turntable',
          scene: {
            camera: { eye: { x: 1.45, y: 1.45, z: 0.95 }, center: { x: 0, y: 0, z: -0.1 } },
            xaxis: sceneAxis(x), yaxis: sceneAxis(y), zaxis: sceneAxis(z), aspectmode: 'cube', bgcolor: theme.paper,
          },
        },
      };
    },

    density: (spec, plot, theme) => {
      const cloud = cloudOf(spec.cloud);
      const column = cloud.columns[0];
      const type = cloud.count > manyPoints && webgl ? 'scattergl' : 'scatter';
      const strip = pointTraces(cloud, [0], theme, type, members => ({ x: pick(column, members), y: members.map(jitter), yaxis: 'y2' }));
      for (const trace of strip) trace.marker.size = Math.min(5, trace.marker.size);
      // Shapes widen the axis, so those beyond the points are left out.
      const boundaries = spec.boundaries.filter(x => x >= column.min && x <= column.max);
      return {
        data: [histogramTrace(spec.histogram, theme), ...densityTraces(cloud.hex, spec.model, column, theme), ...strip],
        layout: {
          bargap: 0, xaxis: axis(theme, column.name, { anchor: 'y2' }), yaxis: axis(theme, 'density', { domain: [0.2, 1], rangemode: 'tozero' }),
          shapes: boundaries.map(x => ({
            type: 'line', x0: x, x1: x, yref: 'paper', y0: 0.2, y1: 1, line: { color: theme.ink, width: 1, dash: 'dash' },
          })),
          yaxis2: { domain: [0, 0.14], range: [-0.1, 1.1], visible: false, fixedrange: true },
        },
      };
    },
  };

  function panelFigure(spec, plot, theme, panel) {
    const cloud = cloudOf(spec.cloud);
    const colors = colorStrings(binary(panel.colors, Uint8Array));
    const points = binary(spec.points, Int32Array);
    const single = cloud.columns.length === 1;
    const [x, y] = single ? [0, 0] : plot.dims;
    const fixed = column => {
      const margin = 0.08 * (column.max - column.min) || 1;
      return { range: [column.min - margin, column.max + margin] };
    };
    const marks = {
      x: Array.from(points, i => cloud.columns[x].values[i]), y: Array.from(points, i => single ? jitter(i) : cloud.columns[y].values[i]),
      type: 'scatter', mode: 'markers', hoverinfo: 'skip', showlegend: false, meta: { role: 'points' },
      marker: { color: colors, size: points.length <= 500 ? 5 : 3.5, opacity: 0.85 }, ...(single ? { yaxis: 'y2' } : {}),
    };
    const plain = trace => ({ ...trace, showlegend: false });
    const look = { margin: { l: 36, r: 8, t: 8, b: 28 }, showlegend: false };
    if (single) {
      const top = panel.model ? [histogramTrace(spec.histogram, theme), ...densityTraces(cloud.hex, panel.model, cloud.columns[0], theme)] : [];
      return {
        data: [...top.map(plain), marks],
        layout: {
          ...look, bargap: 0, xaxis: axis(theme, '', { ...fixed(cloud.columns[0]), anchor: 'y2' }),
          yaxis: axis(theme, '', { domain: [0.25, 1], visible: !!panel.model }),
          yaxis2: { domain: panel.model ? [0, 0.18] : [0, 1], range: [-0.1, 1.1], visible: false },
        },
      };
    }
    const ellipses = panel.model ? ellipseTraces(cloud.hex, panel.model, plot.dims, theme) : [];
    const means = panel.model ? meanTraces(cloud.hex, panel.model, plot.dims, theme, cloud) : [];
    for (const { marker } of means) Object.assign(marker, { size: 8, line: { color: theme.ink, width: 1 } });
    return {
      data: [marks, ...ellipses.map(plain), ...means.map(plain)],
      layout: { ...look, xaxis: axis(theme, '', fixed(cloud.columns[x])), yaxis: axis(theme, '', fixed(cloud.columns[y])) },
    };
  }

  globalThis.gmmFigures = { webgl, range, cloudOf, themeNow, layoutOf, builders, panelFigure };
})();
