// What does not fit: sticks out sideways, is too small to be touched, lies under something else, is cut off,
// is drawn around nothing, stands in the wrong place.

/**
 * What of the page that is on the screen now does not fit, each in one line, once it has answered to a new
 * size.
 * @param {import("@playwright/test").Page} page
 */
export async function misfits(page) {
  return page.evaluate(async () => {
    for (let pictures = 0; pictures < 2; pictures += 1) await new Promise(requestAnimationFrame);
    const LEAST = 44;
    /** Without what is touched beside it. */
    const LEAST_DRAWN = 24;
    /** Layout has fractions. */
    const SLACK = 0.5;
    const modal = [...document.querySelectorAll("dialog[open]")].at(-1);
    const scope = modal ?? document.body;
    const controls = seen("button, a[href], input, select, textarea, summary");
    const texts = seen("button:not(.mark), a[href], label, legend, h1, h2, h3, p, li, .badge, .bubble");
    return [
      ...overflowing(),
      ...[...controls, ...texts].flatMap(sticksOut),
      ...texts.flatMap(empty),
      ...seen("parlour-composer").flatMap(floating),
      ...controls.filter((control) => !isInText(control)).flatMap(tooSmall),
      ...controls.flatMap(covered),
      ...texts.flatMap(cut),
      ...seen("select").flatMap(cutChoice),
    ];

    /** @param {string} selector */
    function seen(selector) {
      return [...scope.querySelectorAll(selector)]
        .filter((one) => one instanceof HTMLElement)
        .filter(
          (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".visually-hidden"),
        )
        .filter((one) => !isFolded(one));
    }

    /** Unfolded by who goes there with the Tab key. @param {HTMLElement} element */
    function isFolded(element) {
      const head = element.closest(".head");
      return head !== null && head.clientHeight <= 1;
    }

    function overflowing() {
      const root = document.scrollingElement ?? document.documentElement;
      const found = root.scrollWidth > innerWidth ? [`overflow: the page – ${wide(root)}`] : [];
      for (const box of seen(".scroll, .emoji-list, dialog, main, textarea")) {
        if (box.scrollWidth > box.clientWidth) found.push(`overflow: ${told(box)} – ${wide(box)}`);
      }
      return found;
    }

    /** To the left nothing can be scrolled, and nothing tells of it. @param {HTMLElement} element */
    function sticksOut(element) {
      const { left, right } = element.getBoundingClientRect();
      const isWithin = left >= -SLACK && right <= document.documentElement.clientWidth + SLACK;
      return isWithin ? [] : [`sticks out: ${told(element)} – ${Math.round(left)} to ${Math.round(right)}`];
    }

    /** A frame around nothing. @param {HTMLElement} element */
    function empty(element) {
      const { borderTopWidth, borderTopColor } = getComputedStyle(element);
      const isFramed = parseFloat(borderTopWidth) > 0 && !/^rgba\(.*, 0\)$/.test(borderTopColor);
      const isEmpty = element.textContent?.trim() === "" && !element.querySelector("svg, img");
      return isFramed && isEmpty ? [`empty: ${told(element)}`] : [];
    }

    /** Where one writes is at the foot of the screen. @param {HTMLElement} composer */
    function floating(composer) {
      const above = composer.previousElementSibling;
      const { top, bottom } = composer.getBoundingClientRect();
      const isLow = Math.abs(bottom - innerHeight) <= 1 && top >= innerHeight / 2;
      const isBelow = !above || Math.abs(above.getBoundingClientRect().bottom - top) <= 1;
      const parts = [...composer.querySelectorAll("textarea, p")].filter((part) => part.checkVisibility());
      const lowest = Math.max(...parts.map((part) => part.getBoundingClientRect().bottom));
      const isFilled = parts.length === 0 || innerHeight - lowest < innerHeight / 8;
      const isInPlace = isLow && isBelow && isFilled;
      return isInPlace ? [] : [`out of place: parlour-composer – ${top} to ${bottom} of ${innerHeight}`];
    }

    /** A link within a sentence is as high as its line. @param {HTMLElement} control */
    function isInText(control) {
      return getComputedStyle(control).display === "inline";
    }

    /** @param {HTMLElement} control */
    function tooSmall(control) {
      const own = control.getBoundingClientRect();
      if (Math.min(own.width, own.height) < LEAST_DRAWN) return [`too small to be hit: ${told(control)}`];
      const label = control.closest("label")?.getBoundingClientRect() ?? own;
      const before = getComputedStyle(control, "::before");
      const drawn = before.content === "none" ? { width: "0", height: "0" } : before;
      const width = Math.max(own.width, label.width, parseFloat(drawn.width) || 0);
      const height = Math.max(own.height, label.height, parseFloat(drawn.height) || 0);
      if (width >= LEAST - SLACK && height >= LEAST - SLACK) return [];
      return [`too small: ${told(control)} – ${Math.round(width)}x${Math.round(height)}`];
    }

    /** A finger on its middle must touch it. @param {HTMLElement} control */
    function covered(control) {
      const found = [];
      for (const box of control.getClientRects()) {
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        if (!isOnScreen(control, x, y)) continue;
        const top = document.elementFromPoint(x, y);
        if (!top || control.contains(top) || top.closest("label")?.contains(control)) continue;
        if (!top.contains(control) && !top.closest(".jump, .undo, .foot"))
          found.push(`covered: ${told(control)} – by ${told(top)}`);
      }
      return found;
    }

    /** @param {Element} control @param {number} x @param {number} y */
    function isOnScreen(control, x, y) {
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return false;
      const clip = control.closest(".scroll, .bars, .emoji-list, dialog")?.getBoundingClientRect();
      return !clip || (y > clip.top && y < clip.bottom);
    }

    /** @param {HTMLElement} element */
    function cut(element) {
      const { display, textOverflow } = getComputedStyle(element);
      if (display === "inline" || textOverflow === "ellipsis" || element.closest(".meta")) return [];
      const isCut = element.scrollWidth > element.clientWidth + 1;
      return isCut ? [`cut off: ${told(element)} – ${wide(element)}`] : [];
    }

    /** A list to choose from shows its widest choice whole. @param {HTMLElement} list */
    function cutChoice(list) {
      const { width } = list.getBoundingClientRect();
      list.style.width = "max-content";
      const wanted = list.getBoundingClientRect().width;
      list.style.width = "";
      if (wanted <= width + 1) return [];
      return [`cut off: ${told(list)} – ${Math.round(wanted)} in ${Math.round(width)}`];
    }

    /** @param {Element} box */
    function wide(box) {
      return `${box.scrollWidth} in ${box.clientWidth}`;
    }

    /** @param {Element} element */
    function told(element) {
      const classes = [...element.classList].map((one) => `.${one}`).join("");
      const text = (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 24);
      return `${element.localName}${element.id && `#${element.id}`}${classes} "${text}"`;
    }
  });
}

/**
 * Two pictures later the page has answered to a new size.
 * @param {import("@playwright/test").Page} page
 */
export async function settled(page) {
  await page.evaluate(async () => {
    for (let pictures = 0; pictures < 2; pictures += 1) {
      await new Promise((drawn) => {
        requestAnimationFrame(drawn);
      });
    }
  });
}
