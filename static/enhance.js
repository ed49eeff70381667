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

// Buttons to print: hidden until they can work.
for (const holder of document.querySelectorAll('[data-print]')) {
	holder.hidden = false;
	holder.addEventListener('click', () => window.print());
}

// A second click right after the first sends nothing. Only for a moment: a form may answer with a file and stay.
const sent = new Set();
document.addEventListener('submit', (event) => {
	const form = event.target;
	if (sent.has(form)) return event.preventDefault();
	sent.add(form);
	setTimeout(() => sent.delete(form), 2000);
});
