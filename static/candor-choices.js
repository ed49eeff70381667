/* Asks once what a site may do beyond what it needs, and loads nothing else before. docs/choices.md tells how. */
((doc, script) => {
	const name = 'candor-choices';
	const json = (text) => JSON.parse(text || '{}');
	const { title, text, refuse, save, allow, ...data } = script.dataset;
	const [purposes, cookies, known] = [data.purposes, data.cookies, data.known].map(json);
	const ids = Object.keys(purposes);
	const signal = navigator.globalPrivacyControl === true;
	let box;

	const read = () =>
		new Map(
			(/(?:^|; )candor-choices=([^;]*)/.exec(doc.cookie)?.[1].split('~') ?? []).map((one) => [
				one.slice(0, -2),
				one.endsWith('1')
			])
		);
	// A no counts, whether it was said here or in the portal.
	const allowed = (id) => !signal && known[id] !== false && (read().get(id) ?? known[id]) === true;

	function load(held) {
		const live = doc.createElement('script');
		for (const { name, value } of held.attributes) if (name !== 'type') live.setAttribute(name, value);
		live.text = held.text;
		held.replaceWith(live);
	}
	function apply() {
		for (const id of ids)
			if (allowed(id)) doc.querySelectorAll(`script[type="text/plain"][data-purpose="${id}"]`).forEach(load);
			else for (const cookie of cookies[id] ?? []) doc.cookie = `${cookie}=; Max-Age=0; Path=/`;
		doc.dispatchEvent(new CustomEvent(name));
	}
	function choose(answer) {
		const chosen = ids.map((id) => `${id}.${answer(id) ? 1 : 0}`).join('~');
		const secure = location.protocol === 'https:' ? '; Secure' : '';
		doc.cookie = `${name}=${chosen}; Max-Age=15552000; Path=/; SameSite=Lax${secure}`;
		box.remove();
		box = undefined;
		apply();
	}
	function add(parent, tag, words, css) {
		const made = doc.createElement(tag);
		made.append(words ?? '');
		if (css) made.style.cssText = css;
		parent.append(made);
		return made;
	}
	function open() {
		if (box) return;
		const look =
			'position:fixed;inset:auto 0 0;padding:1rem;background:Canvas;color:CanvasText;border-top:1px solid;z-index:99';
		box = add(doc.body, 'section', '', look);
		box.ariaLabel = title ?? 'Cookies';
		add(box, 'p', text);
		const ticks = {};
		for (const id of ids) {
			const label = add(add(box, 'p'), 'label');
			ticks[id] = add(label, 'input');
			ticks[id].type = 'checkbox';
			ticks[id].checked = allowed(id);
			label.append(` ${purposes[id]}`);
		}
		const button = (words, answer) => {
			add(box, 'button', words, 'margin:.25rem;padding:.75rem 1rem;font:inherit').onclick = () =>
				choose(answer);
		};
		button(refuse ?? 'Refuse all', () => false);
		button(save ?? 'Save these', (id) => ticks[id].checked);
		button(allow ?? 'Allow all', () => true);
	}
	function start() {
		const asked = read();
		apply();
		if (!signal && ids.some((id) => !(id in known) && !asked.has(id))) open();
	}

	window.candorChoices = { allowed, open };
	if (doc.readyState === 'loading') doc.addEventListener('DOMContentLoaded', start);
	else start();
})(document, document.currentScript);
