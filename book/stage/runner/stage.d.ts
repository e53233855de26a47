// The parts of the runner: made by the inline script of runner.html, filled in by the scripts that follow, taken away by main.js.
declare var stage: any;
