// iOS lays its keyboard over the page, and pushes the page up, instead of making it smaller. Stateless.

/** The chat is as high as what of the screen is free. @param {AbortSignal} signal */
export function fitToScreen(signal) {
  const view = window.visualViewport;
  const fit = () => {
    // Somebody looks closer: the page stays as it is.
    if (view && view.scale > 1) return;
    document.documentElement.style.setProperty("--view-height", `${view?.height ?? innerHeight}px`);
    scrollTo(0, 0);
  };
  view?.addEventListener("resize", fit, { signal });
  fit();
}
