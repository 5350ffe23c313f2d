import { stateProblem, watchState } from '../state/index.ts';

/** Says it when what the reader does cannot be kept. */
export function showProblems(): void {
	const status = document.querySelector<HTMLElement>('[data-storage-status]');
	if (!status) return;
	const found = document.documentElement.dataset.storageProblem;
	const show = () => {
		const problem = stateProblem() ?? (found === 'corrupt' ? found : undefined);
		for (const words of status.querySelectorAll<HTMLElement>('[data-problem]')) {
			words.hidden = words.dataset.problem !== problem;
		}
		status.hidden = problem === undefined;
	};
	watchState(show);
	show();
}
