// Pictures for the demo: a person in a room, drawn on a canvas, and a shared slide; both as live tracks.

const SKIN = ['#e8b998', '#8d5a3b', '#f0cba8', '#dba57f', '#f2d0b4', '#a8714c', '#c98f66', '#5f3d2b'];
const HAIR = ['#4a2f1d', '#1c1512', '#17151a', '#6b3f22', '#c9a062', '#1d1613', '#2c2019', '#111'];
const SHIRT = ['#2f5d62', '#b4552d', '#5d6d8a', '#8a3b4f', '#3f6b45', '#d0a83b', '#35406b', '#7a6a58'];
const WALL = ['#c6d3d0', '#d9c7ad', '#c5cce0', '#dfc7c1', '#cfd7b8', '#d4c8de', '#bdd1de', '#dcd3c2'];

/** @param {CanvasRenderingContext2D} g @param {number} i @param {number} w @param {number} h @param {number} phase */
function person(g, i, w, h, phase) {
  g.fillStyle = WALL[i % 8];
  g.fillRect(0, 0, w, h);
  g.fillStyle = 'rgb(255 255 255 / 35%)';
  g.fillRect(w * (i % 2 ? 0.06 : 0.7), h * 0.1, w * 0.2, h * 0.34);
  g.fillStyle = 'rgb(60 50 40 / 14%)';
  g.fillRect(i % 2 ? w * 0.68 : 0, h * 0.62, w * 0.32, h * 0.03);

  const x = w * (0.5 + 0.01 * Math.sin(phase + i));
  const y = h * (0.47 + 0.008 * Math.cos(phase * 1.3 + i));
  const r = h * 0.2;
  g.fillStyle = SHIRT[i % 8];
  g.beginPath();
  g.ellipse(x, h * 1.12, r * 2.15, h * 0.42, 0, 0, 7);
  g.fill();
  g.fillStyle = SKIN[i % 8];
  g.fillRect(x - r * 0.36, y + r * 0.5, r * 0.72, r * 1.1);
  g.fillStyle = HAIR[i % 8];
  g.beginPath();
  g.ellipse(x, y - r * 0.22, r * 1.02, r * (i % 3 === 0 ? 1.35 : 1.1), 0, 0, 7);
  g.fill();
  g.fillStyle = SKIN[i % 8];
  g.beginPath();
  g.ellipse(x, y + r * 0.1, r * 0.82, r * 1.02, 0, 0, 7);
  g.fill();
  g.fillStyle = HAIR[i % 8];
  g.beginPath();
  g.ellipse(x, y - r * 0.72, r * 0.8, r * 0.4, i % 2 ? 0.2 : -0.2, 0, 7);
  g.fill();
  g.fillStyle = '#2a211c';
  for (const side of [-1, 1]) {
    g.beginPath();
    g.ellipse(x + side * r * 0.32, y, r * 0.075, r * 0.09, 0, 0, 7);
    g.fill();
  }
  g.strokeStyle = '#8c4a3c';
  g.lineWidth = r * 0.07;
  g.beginPath();
  g.arc(x, y + r * 0.32, r * 0.3, 0.25 * Math.PI, 0.75 * Math.PI);
  g.stroke();
}

/** @param {CanvasRenderingContext2D} g @param {number} w @param {number} h */
function slide(g, w, h) {
  g.fillStyle = '#fff';
  g.fillRect(0, 0, w, h);
  g.fillStyle = '#0b6b69';
  g.fillRect(0, 0, w, h * 0.02);
  g.fillStyle = '#211e1a';
  g.font = `600 ${h * 0.075}px sans-serif`;
  g.fillText('Third quarter: where the hours went', w * 0.06, h * 0.17);
  const bars = [0.42, 0.56, 0.48, 0.7, 0.64, 0.83];
  bars.forEach((value, i) => {
    g.fillStyle = i === 5 ? '#0b6b69' : '#b7d6d3';
    g.fillRect(w * (0.08 + i * 0.145), h * (0.9 - value * 0.62), w * 0.1, h * value * 0.62);
  });
}

/** @param {number} i @param {'person' | 'slide'} what @returns {MediaStreamTrack} */
export function drawnTrack(i, what) {
  const canvas = document.createElement('canvas');
  canvas.width = what === 'slide' ? 1280 : 640;
  canvas.height = what === 'slide' ? 720 : 360;
  const g = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  let phase = 0;
  const draw = () => {
    phase += 0.2;
    if (what === 'slide')
      slide(g, canvas.width, canvas.height);
    else
      person(g, i, canvas.width, canvas.height, phase);
  };
  draw();
  setInterval(draw, 200);
  return canvas.captureStream(5).getVideoTracks()[0];
}
