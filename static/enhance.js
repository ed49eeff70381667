// Small comforts for browsers with script. Every page is complete without this file.
'use strict';

// Copy buttons: hidden until they can work.
for (const button of document.querySelectorAll('button[data-copy]')) {
	const source = document.getElementById(button.dataset.copy);
	const words = button.querySelector('[aria-live]');
	if (!source || !words || !navigator.clipboard) continue;

	const before = words.textContent;
	button.hidden = false;
	button.addEventListener('click', async () => {
		try {
			await navigator.clipboard.writeText(source.value ?? source.textContent);
		} catch {
			source.select?.();
			return;
		}
		words.textContent = button.dataset.copied;
		setTimeout(() => (words.textContent = before), 2500);
	});
}

// A second click while the first is under way sends nothing; a page that comes back from the cache works again.
const sent = new Set();
document.addEventListener('submit', (event) => {
	if (event.defaultPrevented) return;
	if (sent.has(event.target)) event.preventDefault();
	sent.add(event.target);
});
addEventListener('pageshow', () => sent.clear());
