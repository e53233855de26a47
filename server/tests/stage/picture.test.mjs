// Where a frame says that its pictures are: around what can be seen, told when it changes, and nothing that a demo replaces breaks it.

import assert from 'node:assert/strict';
import test from 'node:test';
import vm from 'node:vm';
import { scriptOfPart } from './runner-part.mjs';

const PICTURE = await scriptOfPart('look-for-picture');

class DOMRectReadOnly {
  constructor(box) {
    this.box = box;
  }
  get left() {
    return this.box[0];
  }
  get top() {
    return this.box[1];
  }
  get right() {
    return this.box[0] + this.box[2];
  }
  get bottom() {
    return this.box[1] + this.box[3];
  }
}

/** A frame with these elements, what it tells, and a look at it. */
function frame() {
  class Element {
    constructor(box, isShown = true) {
      Object.assign(this, { box, isShown });
    }
    getBoundingClientRect() {
      return new DOMRectReadOnly(this.box);
    }
    checkVisibility() {
      return this.isShown;
    }
  }
  class HTMLVideoElement extends Element {
    picture = 640;
    get videoWidth() {
      return this.picture;
    }
  }
  const inPage = { video: [], canvas: [] };
  const uncurry = Function.prototype.call.bind.bind(Function.prototype.call);
  const getter = (prototype, name) => uncurry(Object.getOwnPropertyDescriptor(prototype, name).get);
  const stage = /** @type {any} */ ({ recorder: { getter }, uncurry });
  const document = { getElementsByTagName: (name) => inPage[name] };
  const world = vm.createContext({ DOMRectReadOnly, Element, HTMLVideoElement, document, stage });
  PICTURE.runInContext(world);
  const told = [];
  const look = world.install(stage, ({ x, y, width, height }) => told.push([x, y, width, height]));
  return {
    Canvas: Element,
    Video: HTMLVideoElement,
    inPage,
    look,
    told: () => told.splice(0),
  };
}

test('without a picture nothing is told, and a video without one is none yet', () => {
  const { Video, inPage, look, told } = frame();
  look();
  assert.deepEqual(told(), []);
  const video = Object.assign(new Video([0, 0, 320, 180]), { picture: 0 });
  inPage.video.push(video);
  look();
  assert.deepEqual(told(), []);
  video.picture = 320;
  look();
  look();
  assert.deepEqual(told(), [[0, 0, 320, 180]], 'once');
  inPage.video.pop();
  look();
  assert.deepEqual(told(), [[0, 0, 0, 0]], 'it is gone');
});

test('the box is around all that can be seen', () => {
  const { Canvas, Video, inPage, look, told } = frame();
  inPage.video.push(new Video([10.4, 20, 100, 50]), new Video([0, 0, 1, 1]), new Video([900, 0, 100, 100], false));
  inPage.canvas.push(new Canvas([200, -10, 100.2, 60]));
  look();
  assert.deepEqual(told(), [[10, 0, 291, 70]]);
});

test('a demo that replaces what is needed keeps its frame where it stands', () => {
  const { Video, inPage, look, told } = frame();
  inPage.video.push({});
  look();
  inPage.video[0] = new Video([0, 0, 320, 180]);
  Video.prototype.getBoundingClientRect = () => {
    throw new Error('not yours');
  };
  look();
  assert.deepEqual(told(), [[0, 0, 320, 180]]);
});
