// Draws a part of the page as a picture, on the device itself: the server ships no Chinese font (16 MB), the device has
// one, and it covers rare characters. What is in an <img> can be kept by a long press; a desk gets a link to download.
//
//   <div id="card" data-picture data-width="1000" data-height="630">        the sheet and its size in picture pixels
//     <… data-draw data-x="…" data-y="…" data-w="…" data-h="…" …>           drawn in order, at any depth:
//       data-fill="#018942" [data-radius="20"]      a rectangle
//       <img>                                       that image, from this host or a data: address
//       data-size="40" [data-weight="600"] [data-ink="#111"] [data-align="start"]
//                                                   the element's text in the font it has on the page, in the middle
//                                                   of the box (or at its start), wrapped, made smaller until it fits
//   <button type="button" data-picture-of="card" data-picture-to="kept">    a tap draws
//   <figure id="kept" hidden><img alt="…"><a download="….png">…</a></figure>   receives it, and is shown then
//
// [data-print] prints; [data-copy="id"] copies the text of that element and says its data-done; what is
// [data-needs-script] is shown as soon as this runs: give it hidden, and no class that displays it.
(function () {
  function each(selector, root, act) {
    Array.prototype.forEach.call(root.querySelectorAll(selector), act);
  }

  function number(element, name) {
    return Number(element.getAttribute("data-" + name)) || 0;
  }

  function wrapped(pen, text, width) {
    var lines = [""];
    (text.match(/[!-~]+|[\ud800-\udbff][\udc00-\udfff]|[^]/g) || []).forEach(function (piece) {
      var longer = lines[lines.length - 1] + piece;
      if (lines[lines.length - 1] && pen.measureText(longer).width > width) lines.push(piece);
      else lines[lines.length - 1] = longer;
    });
    return lines;
  }

  function write(pen, element, x, y, w, h) {
    var text = element.textContent.replace(/[ \n]+/g, " ").trim();
    var family = getComputedStyle(element).fontFamily;
    var size = number(element, "size");
    var lines, fits;
    do {
      pen.font = (number(element, "weight") || 400) + " " + size + "px " + family;
      lines = wrapped(pen, text, w);
      fits = lines.length * size * 1.35 <= h && lines.every(function (line) {
        return pen.measureText(line).width <= w;
      });
    } while (!fits && (size -= 2) > 12);
    pen.fillStyle = element.getAttribute("data-ink") || "#111";
    var starts = element.getAttribute("data-align") === "start";
    pen.textAlign = starts ? "start" : "center";
    pen.textBaseline = "middle";
    lines.forEach(function (line, n) {
      pen.fillText(line, starts ? x : x + w / 2, y + h / 2 + (n - (lines.length - 1) / 2) * size * 1.35);
    });
  }

  function fill(pen, element, x, y, w, h) {
    var r = Math.min(number(element, "radius"), w / 2, h / 2);
    pen.fillStyle = element.getAttribute("data-fill");
    pen.beginPath();
    pen.moveTo(x + r, y);
    pen.arcTo(x + w, y, x + w, y + h, r);
    pen.arcTo(x + w, y + h, x, y + h, r);
    pen.arcTo(x, y + h, x, y, r);
    pen.arcTo(x, y, x + w, y, r);
    pen.fill();
  }

  function drawn(sheet) {
    var canvas = document.createElement("canvas");
    var pen = canvas.getContext("2d");
    canvas.width = number(sheet, "width");
    canvas.height = number(sheet, "height");
    each("[data-draw]", sheet, function (element) {
      var x = number(element, "x"), y = number(element, "y"), w = number(element, "w"), h = number(element, "h");
      if (element.hasAttribute("data-fill")) fill(pen, element, x, y, w, h);
      else if (element.tagName === "IMG") pen.drawImage(element, x, y, w, h);
      else write(pen, element, x, y, w, h);
    });
    return canvas.toDataURL("image/png");
  }

  function loaded(sheet, act) {
    var waiting = 1;
    function one() {
      waiting -= 1;
      if (waiting === 0) act();
    }
    each("img[data-draw]", sheet, function (image) {
      if (image.complete) return;
      waiting += 1;
      image.addEventListener("load", one);
    });
    one();
  }

  each("[data-picture-of]", document, function (button) {
    button.addEventListener("click", function () {
      var sheet = document.getElementById(button.getAttribute("data-picture-of"));
      var figure = document.getElementById(button.getAttribute("data-picture-to"));
      loaded(sheet, function () {
        var picture = drawn(sheet);
        each("img", figure, function (image) { image.src = picture; });
        each("a[download]", figure, function (link) { link.href = picture; });
        figure.hidden = false;
        figure.scrollIntoView();
      });
    });
  });

  each("[data-print]", document, function (button) {
    button.addEventListener("click", function () { print(); });
  });

  each("[data-copy]", document, function (button) {
    button.addEventListener("click", function () {
      getSelection().selectAllChildren(document.getElementById(button.getAttribute("data-copy")));
      if (document.execCommand("copy")) button.textContent = button.getAttribute("data-done");
    });
  });

  each("[data-needs-script]", document, function (element) { element.hidden = false; });
})();
