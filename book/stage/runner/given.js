// @ts-check
// What the page gives to this run, in the name of the iframe (stage/iframe.js). Before the demo's code begins, main.js empties the name, so this is undefined
// when that code has reloaded the iframe.

/** @type {{ files: { name: string, code: string }[], faults: { id: string, amounts: Record<string, any> }[], proof: string, ticket?: string, devices?: string } | undefined} */
stage.given = window.name ? JSON.parse(window.name) : undefined;
