// How far a download is, live. Without this file the page refreshes itself.
'use strict';

/** A portal that has just started refuses, and a browser does not ask again by itself after a refusal. */
const againAfterMilliseconds = 5_000;
const asksAtMost = 20;

function follow(holder, asks = 1) {
	const events = new EventSource(holder.dataset.progress);
	const bar = holder.querySelector('progress');
	const words = holder.querySelector('[data-words]');
	events.addEventListener('message', ({ data }) => {
		const told = JSON.parse(data);
		words.textContent = told.words;
		if (told.value === undefined) bar.removeAttribute('value');
		else bar.value = told.value;
	});
	events.addEventListener('done', () => {
		events.close();
		// Not a reload: behind a refused order that would order again. The query makes it another page than this one.
		location.replace(holder.dataset.after ?? `/export?seen=${Date.now()}#made`);
	});
	events.addEventListener('error', () => {
		if (events.readyState !== EventSource.CLOSED || asks >= asksAtMost) return;
		setTimeout(() => follow(holder, asks + 1), againAfterMilliseconds);
	});
}

for (const holder of document.querySelectorAll('[data-progress]')) follow(holder);
