// When the figures of a report are drawn, and what the reader can do with them. Nothing here asks a network for anything.
(() => {
  'use strict';

  const { webgl, range, cloudOf, themeNow, layoutOf, builders, panelFigure } = globalThis.gmmFigures;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const plots = [];

  const config = file => ({
    displaylogo: false, responsive: true, showTips: false,
    modeBarButtonsToRemove: ['select2d', 'lasso2d', 'toggleSpikelines', 'hoverClosestCartesian', 'hoverCompareCartesian'],
    toImageButtonOptions: { format: 'png', scale: 2, filename: file },
  });

  function draw(div, figure, plot, theme, settings) {
    const size = plot.printSize ?? { width: div.clientWidth, height: div.clientHeight };
    const layout = { ...layoutOf(theme, size, figure.layout), ...plot.printSize };
    // Zoom, rotation and hidden components survive a change of theme; other dimensions begin anew, but for the hidden components.
    layout.uirevision = plot.dims.join();
    layout.legend = { ...layout.legend, uirevision: 'same' };
    return Plotly.react(div, figure.data, layout, settings);
  }

  async function render(plot) {
    const theme = themeNow();
    const file = plot.title.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60) || 'figure';
    plot.started = true;
    if (plot.spec.kind === 'panels') {
      await Promise.all(plot.panels.map(({ div, panel }) =>
        draw(div, panelFigure(plot.spec, plot, theme, panel), plot, theme, { ...config(file), displayModeBar: false })));
    } else if (plot.spec.kind === 'scatter3d' && !webgl) {
      plot.canvas.textContent = 'This browser does not offer WebGL, which a three-dimensional figure needs.';
    } else {
      await draw(plot.canvas, builders[plot.spec.kind](plot.spec, plot, theme), plot, theme, config(file));
    }
    plot.figure.dataset.state = 'ready';
  }

  // The style sheet gives the boxes these sizes on paper.
  const printSizeOf = classes =>
    classes.contains('many') ? { width: 210, height: 200 } : { width: 660, height: classes.contains('tall') ? 460 : 320 };

  const renderAll = started => Promise.all(plots.filter(plot => plot.started || !started).map(render));

  function addChoice(plot, names, columns) {
    const bar = document.createElement('div');
    bar.className = 'choice';
    const selects = names.map((name, axisNumber) => {
      const label = document.createElement('label');
      const select = document.createElement('select');
      columns.forEach((column, j) => select.add(new Option(column.name, j)));
      select.value = plot.dims[axisNumber];
      select.addEventListener('change', () => {
        // A dimension is on one axis only: the axis that had it takes the one given up.
        const chosen = Number(select.value);
        const other = plot.dims.indexOf(chosen);
        if (other >= 0) plot.dims[other] = plot.dims[axisNumber];
        plot.dims[axisNumber] = chosen;
        selects.forEach((each, i) => { each.value = plot.dims[i]; });
        render(plot);
      });
      label.append(name + ' ', select);
      bar.append(label);
      return select;
    });
    plot.canvas.before(bar);
    return bar;
  }

  function addTurning(plot, bar) {
    const button = document.createElement('button');
    let last = null;
    button.type = 'button';
    button.textContent = 'Turn';
    button.setAttribute('aria-pressed', 'false');
    const step = time => {
      if (button.getAttribute('aria-pressed') !== 'true') { last = null; return; }
      const camera = plot.canvas.layout?.scene?.camera;
      if (camera && last !== null && !document.hidden) {
        const [sin, cos] = [Math.sin((time - last) / 2000), Math.cos((time - last) / 2000)];
        const { x, y, z } = camera.eye;
        Plotly.relayout(plot.canvas, { 'scene.camera': { ...camera, eye: { x: x * cos - y * sin, y: x * sin + y * cos, z } } });
      }
      last = time;
      requestAnimationFrame(step);
    };
    button.addEventListener('click', () => {
      const pressed = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(pressed));
      if (pressed) requestAnimationFrame(step);
    });
    bar.append(button);
  }

  function addPanels(plot) {
    plot.panels = plot.spec.panels.map(panel => {
      const box = document.createElement('div');
      const title = document.createElement('h4');
      const div = document.createElement('div');
      box.className = 'panel';
      title.textContent = panel.title;
      box.append(title, div);
      plot.canvas.append(box);
      return { div, panel };
    });
  }

  function prepare(figure) {
    const spec = JSON.parse(figure.querySelector('script').textContent);
    const plot = { figure, spec, canvas: figure.querySelector('.canvas'), title: figure.querySelector('figcaption').textContent, dims: [] };
    if (spec.cloud) {
      const columns = cloudOf(spec.cloud).columns;
      const axes = spec.kind === 'scatter3d' ? 3 : 2;
      if (columns.length >= 2) plot.dims = range(axes);
      if (columns.length > 2) {
        const bar = addChoice(plot, ['Horizontal', 'Vertical', 'Depth'].slice(0, axes).map((name, i) => axes === 3 ? 'xyz'[i] : name), columns);
        if (spec.kind === 'scatter3d' && webgl) addTurning(plot, bar);
      }
    }
    if (spec.kind === 'panels') addPanels(plot);
    plots.push(plot);
    return plot;
  }

  function start() {
    document.querySelectorAll('figure.plot').forEach(prepare);
    const observer = new IntersectionObserver(entries => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        observer.unobserve(entry.target);
        render(plots.find(plot => plot.figure === entry.target));
      }
    }, { rootMargin: '300px' });
    for (const plot of plots) observer.observe(plot.figure);
    dark.addEventListener('change', () => renderAll(true));

    // Paper is white and has another width; figures not scrolled to yet are printed too.
    addEventListener('beforeprint', () => {
      document.documentElement.dataset.theme = 'light';
      for (const plot of plots) plot.printSize = printSizeOf(plot.figure.classList);
      renderAll(false);
    });
    addEventListener('afterprint', () => {
      delete document.documentElement.dataset.theme;
      for (const plot of plots) delete plot.printSize;
      renderAll(true);
    });
    globalThis.gmmReport = { renderAll: () => renderAll(false) };
  }

  start();
})();
