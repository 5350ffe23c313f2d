/** The terminal as the reader has it: one or several shells beside each other, and the controls of their time. */
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TerminalText } from '../../i18n/terminal/index.ts';
import { TimeBar, ToolBar } from './bars.tsx';
import type { EditorProps } from './editor/index.tsx';
import type { Machine } from './machine.ts';
import type { Tab } from './tab.ts';
import { type TabHandle, TabView } from './tab-view.tsx';
import { Tabs } from './tabs.tsx';

export interface TerminalProps {
	readonly machine: Machine;
	readonly text: TerminalText;
	readonly restart: () => void;
}

export function Terminal({ machine, text, restart }: TerminalProps) {
	const [, setTurn] = useState(0);
	const [size, setSize] = useState(2);
	const [prompts, setPrompts] = useState(false);
	const [said, say] = useState('');
	const Editor = useEditor(machine, text);
	const handle = useRef<TabHandle>(null);
	useEffect(() => machine.listen(() => setTurn((n) => n + 1)), [machine]);

	const { unsaved } = machine;
	useEffect(() => {
		if (!unsaved) return;
		const ask = (e: BeforeUnloadEvent): void => e.preventDefault();
		window.addEventListener('beforeunload', ask);
		return () => window.removeEventListener('beforeunload', ask);
	}, [unsaved]);

	const idOf = (tab: Tab) => ({
		tab: `tm-tab-${machine.id}-${tab.number}`,
		panel: `tm-panel-${machine.id}-${tab.number}`,
	});
	const keysId = `tm-keys-${machine.id}`;
	const several = machine.tabs.length > 1;
	const open = (): void => {
		machine.open();
		requestAnimationFrame(() => handle.current?.focus());
	};
	return (
		<div class={`tm tm-size${size}${prompts ? '' : ' tm-noprompts'}`}>
			<TimeBar {...{ machine, text }} />
			<Tabs {...{ machine, text, idOf, open }} />
			{machine.tabs.map((tab) => (
				<TabView
					key={tab.number}
					{...{ tab, text, keysId, Editor, handle, say }}
					id={idOf(tab).panel}
					labelledBy={several ? idOf(tab).tab : undefined}
					hidden={tab !== machine.shown}
					interrupt={() => machine.interrupt()}
				/>
			))}
			<p id={keysId} class="tm-keys" hidden={machine.shown.edit !== undefined && Editor !== undefined}>
				{text.keys}
			</p>
			<ToolBar {...{ machine, text, handle, size, setSize, prompts, setPrompts, said, say, restart }} />
		</div>
	);
}

/** The editor, which is fetched when a file is first edited. */
function useEditor(machine: Machine, text: TerminalText): ComponentType<EditorProps> | undefined {
	const [Editor, setEditor] = useState<ComponentType<EditorProps>>();
	const wanted = machine.tabs.some((tab) => tab.edit);
	useEffect(() => {
		if (!wanted || Editor) return;
		let gone = false;
		import('./editor/index.tsx')
			.then((m) => m.loadEditor(text.language))
			.then(
				(loaded) => gone || setEditor(() => loaded),
				(error: unknown) => {
					console.error(error);
					for (const tab of machine.tabs) {
						if (!tab.edit) continue;
						tab.edit.leave();
						tab.say(text.editorFailed);
					}
				},
			);
		return () => {
			gone = true;
		};
	}, [wanted]);
	return Editor;
}
