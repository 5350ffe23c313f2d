/** What was shown: one block for each command, its prompt, what it printed, how it ended. */
import { memo } from 'preact/compat';
import type { TerminalText } from '../../i18n/terminal/index.ts';
import { classOf, type Line } from './screen.ts';

export interface Block {
	readonly id: number;
	/** Prompt and line; without them it is what came by itself. */
	readonly prompt?: string;
	readonly line?: string;
	readonly lines: readonly Line[];
	/** Exit code, when it is over. */
	readonly code?: number;
	/** Leads to its place in a figure. */
	readonly mark?: () => void;
}

const OneLine = memo(function OneLine({ line }: { readonly line: Line }) {
	return (
		<div class="tm-line">
			{line.spans.map(({ text, style }, i) => {
				const look = classOf(style);
				return look ? (
					<span key={i} class={look}>
						{text}
					</span>
				) : (
					text
				);
			})}
			{line.spans.length === 0 ? '\u200b' : null}
		</div>
	);
});

const OneBlock = memo(function OneBlock({ block, text }: { readonly block: Block; readonly text: TerminalText }) {
	return (
		<div class="tm-block">
			{block.line !== undefined && (
				<div class="tm-line tm-entered">
					<span class="tm-prompt">{block.prompt}</span>
					{block.line}
					{block.mark ? (
						<button type="button" class="tm-mark" onClick={block.mark}>
							{text.toFigure}
						</button>
					) : null}
				</div>
			)}
			{block.lines.map((line) => (
				<OneLine key={line.id} line={line} />
			))}
			{block.code ? <div class="tm-code">{text.exit.replace('{code}', String(block.code))}</div> : null}
		</div>
	);
});

export function ScreenView({ blocks, text }: { readonly blocks: readonly Block[]; readonly text: TerminalText }) {
	return (
		<div role="log" aria-live="polite" aria-label={text.output} class="tm-log">
			{blocks.map((block) => (
				<OneBlock key={block.id} block={block} text={text} />
			))}
		</div>
	);
}
