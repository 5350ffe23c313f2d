/** Tools whose code is fetched when they are first used. */
import type { Tool } from './tool.ts';

/** A tool that stands for the one of the same name that `load` gives. */
export function later(
	about: Pick<Tool, 'name' | 'aliases' | 'at'>,
	load: () => Promise<{ readonly tools: readonly Tool[] }>,
): Tool {
	let tool: Tool | undefined;
	const fetch = async (): Promise<Tool> => {
		tool ??= (await load()).tools.find(({ name }) => name === about.name);
		if (!tool) throw new Error(`no tool ${about.name}`);
		return tool;
	};
	return {
		...about,
		run: async (call) => (await fetch()).run(call),
		complete: async (words, call) => (await fetch()).complete?.(words, call) ?? [],
	};
}
