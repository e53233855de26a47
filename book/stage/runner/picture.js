// @ts-check
// Tells the page where in the frame the demo's pictures are. What looks for them is loaded when there may be one (parts/look-for-picture.js).

/**
 * @param {(box: { x: number, y: number, width: number, height: number }) => void} tell the box in CSS pixels of the frame, when it has changed; without a size if there is no picture
 * @returns {() => void} looks where they are now
 */
stage.tapPicture = (tell) => {
  const { parts } = stage;
  const part = parts.create('look-for-picture', 'Pictures stay in their places while you read on.', tell);
  /** Both stay up to date by themselves. */
  const [videos, canvases] = ['video', 'canvas'].map((name) => document.getElementsByTagName(name));
  if (parts.speakOf(/video|canvas/i)) part.load();
  return () => {
    if (part.now || videos.length > 0 || canvases.length > 0) part.use((/** @type {() => void} */ look) => look());
  };
};
