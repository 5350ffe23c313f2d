/**
 * Prompts that come along when lines are copied from a page: `$ kubectl get pods`, `# kind get clusters`,
 * `root@node-7o7xd:/# ip a`. A `#` is also how a comment begins, so a bare mark goes only when a command follows that
 * exists here. `#route -n`, without a space, is such a command too. What follows a line with a prompt and begins with
 * `> ` continues it: that is how bash asks for the rest of a loop.
 */

/** `user@host:path$ ` or `user@host:path# `. Nothing else is written so. */
const FULL = /^\s*[\w.-]+@[\w.-]+:[^\s$#]*[$#] ?/;
const BARE = /^\s*[$#%]\s*/;
const REST = /^\s*>(?: |$)/;
/** What begins a command and is no command; after a `#` it may as well begin a sentence. */
const WORDS = new Set(
	'for while until if case select { ( [[ [ cd export source set unset read alias . function'.split(' '),
);

/** @param known whether a word is a command */
export function stripPrompts(text: string, known: (word: string) => boolean): string {
	let prompted = false;
	return text
		.replace(/\r\n?/g, '\n')
		.split('\n')
		.map((line) => {
			const rest = prompted ? REST.exec(line) : null;
			if (rest) return line.slice(rest[0].length);
			const bare = stripPrompt(line, known);
			prompted = bare !== line;
			return bare;
		})
		.join('\n');
}

function stripPrompt(line: string, known: (word: string) => boolean): string {
	const full = FULL.exec(line);
	if (full) return line.slice(full[0].length);
	const bare = BARE.exec(line);
	if (!bare) return line;
	const rest = line.slice(bare[0].length);
	const word = firstWord(rest);
	return known(word) || (!bare[0].includes('#') && WORDS.has(word)) ? rest : line;
}

/** The word that names the command: after `sudo` and assignments. */
function firstWord(text: string): string {
	for (const word of text.split(/[\s;|&]+/)) {
		if (/^[A-Za-z_]\w*=/.test(word)) continue;
		return word.replace(/^.*\//, '') || word;
	}
	return '';
}
