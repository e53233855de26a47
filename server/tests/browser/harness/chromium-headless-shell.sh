#!/bin/sh
# Chromium without the windows of a desk. It opens a page only if one is named, and its driver needs one.
exec chromium-headless-shell "$@" about:blank
