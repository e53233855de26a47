// What the Stats panel needs of uPlot: `cargo xtask vendor` bundles this file into book/stage/vendor/uplot.js, and its style into
// uplot.css beside it.
import 'uplot/dist/uPlot.min.css'

export { default as UPlot } from 'uplot'
