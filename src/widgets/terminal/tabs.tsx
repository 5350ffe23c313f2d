/** The terminals of a machine, side by side: which is in front, one more, one less. */
import { useRef } from 'preact/hooks';
import type { TerminalText } from '../../i18n/terminal/index.ts';
import { fill } from './fill.ts';
import type { Machine } from './machine.ts';
import { MAX_TABS } from './most.ts';
import type { Tab } from './tab.ts';

export interface TabsProps {
	readonly machine: Machine;
	readonly text: TerminalText;
	readonly idOf: (tab: Tab) => { readonly tab: string; readonly panel: string };
	readonly open: () => void;
}

export function Tabs({ machine, text, idOf, open }: TabsProps) {
	const list = useRef<HTMLDivElement>(null);
	const { tabs, shown } = machine;
	const close = (tab: Tab): void => {
		if (tabs.length === 1) return;
		if ((tab.session.busy || tab.unsaved) && !confirm(text.closeAsk)) return;
		const inList = list.current?.contains(document.activeElement) ?? false;
		machine.close(tab);
		if (inList) focus(machine.shown);
	};
	const focus = (tab: Tab): void => {
		machine.show(tab);
		requestAnimationFrame(() => document.getElementById(idOf(tab).tab)?.focus({ preventScroll: true }));
	};
	const key = (e: KeyboardEvent): void => {
		if (e.ctrlKey || e.altKey || e.metaKey || e.shiftKey) return;
		const at = tabs.indexOf(shown);
		const to =
			e.key === 'ArrowRight'
				? (at + 1) % tabs.length
				: e.key === 'ArrowLeft'
					? (at + tabs.length - 1) % tabs.length
					: e.key === 'Home'
						? 0
						: e.key === 'End'
							? tabs.length - 1
							: undefined;
		if (to === undefined && e.key !== 'Delete') return;
		e.preventDefault();
		if (to === undefined) close(shown);
		else focus(tabs[to]!);
	};
	return (
		<div class="tm-tabs">
			{tabs.length > 1 ? (
				<div role="tablist" aria-label={text.tabs} class="tm-tablist" ref={list} onKeyDown={key}>
					{tabs.map((tab, i) => {
						const ids = idOf(tab);
						return (
							<button
								key={tab.number}
								type="button"
								role="tab"
								id={ids.tab}
								aria-selected={tab === shown}
								aria-controls={ids.panel}
								tabIndex={tab === shown ? 0 : -1}
								aria-keyshortcuts="Delete"
								onClick={() => machine.show(tab)}
							>
								<span class="visually-hidden">{fill(text.tab, { n: i + 1 })} </span>
								<span aria-hidden="true">{i + 1} </span>
								<span class="tm-tab-host">{tab.session.shell.facts.hostname}</span>
								{tab.running ? <span class="tm-tab-runs"> {tab.running}</span> : null}
								{tab.unsaved ? <span title={text.unsaved}> *</span> : null}
							</button>
						);
					})}
				</div>
			) : null}
			<button type="button" class="tm-new" disabled={tabs.length >= MAX_TABS} onClick={open}>
				<span aria-hidden="true">+</span> {text.newTab}
			</button>
			{tabs.length > 1 ? (
				<button type="button" class="tm-close" onClick={() => close(shown)}>
					<span aria-hidden="true">×</span> {text.closeTab}
				</button>
			) : null}
		</div>
	);
}
