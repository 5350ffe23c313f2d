import {
	answeredIn,
	exportProgress,
	forgetEverything,
	importProgress,
	setSkipsPredictions,
	skipsPredictions,
	watchState,
} from '../state/index.ts';

/** Fills each `[data-progress-of]` with how many of the lesson's exercises are answered. */
export function showProgress(): void {
	const places = [...document.querySelectorAll<HTMLElement>('[data-progress-of]')];
	if (places.length === 0) return;
	const show = () => {
		for (const place of places) {
			const { progressOf = '', ids = '', words = '' } = place.dataset;
			const known = new Set(ids.split(' ').filter(Boolean));
			const done = answeredIn(progressOf).filter((id) => known.has(id)).length;
			place.hidden = known.size === 0;
			place.textContent = words.replace('{done}', String(done)).replace('{total}', String(known.size));
		}
	};
	watchState(show);
	show();
}

/** The reader's progress as a file, from a file, or forgotten. */
export function tendProgress(): void {
	const panel = document.querySelector<HTMLElement>('[data-progress-panel]');
	const file = panel?.querySelector<HTMLInputElement>('input[type=file]');
	const said = panel?.querySelector<HTMLElement>('[role=status]');
	if (!panel || !file || !said) return;
	const say = (text = '') => {
		said.textContent = text;
	};

	panel.querySelector('[data-export]')?.addEventListener('click', () => {
		const link = document.createElement('a');
		link.href = URL.createObjectURL(new Blob([exportProgress()], { type: 'application/json' }));
		link.download = 'packetwalk-progress.json';
		link.click();
		setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
	});
	panel.querySelector('[data-import]')?.addEventListener('click', () => file.click());
	file.addEventListener('change', async () => {
		const count = importProgress((await file.files?.[0]?.text()) ?? '');
		say(count === undefined ? panel.dataset.notProgress : panel.dataset.imported?.replace('{entries}', String(count)));
		file.value = '';
	});
	panel.querySelector('[data-forget]')?.addEventListener('click', () => {
		if (!confirm(panel.dataset.forgetConfirm)) return;
		forgetEverything();
		say(panel.dataset.forgotten);
	});
	const project = panel.querySelector<HTMLInputElement>('[data-project]');
	if (project) {
		watchState(() => {
			project.checked = skipsPredictions();
		});
		project.checked = skipsPredictions();
		project.addEventListener('change', () => setSkipsPredictions(project.checked));
	}
	panel.hidden = false;
}
