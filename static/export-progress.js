// How far a download is, live. Without this file the page refreshes itself.
'use strict';

for (const holder of document.querySelectorAll('[data-progress]')) {
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
		location.replace(`/export?seen=${Date.now()}#made`);
	});
}
