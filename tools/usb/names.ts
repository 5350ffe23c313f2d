/** Names Windows keeps for devices, whatever follows the first dot. */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/** Longest path in the folder (characters): leaves room for `X:\Users\<name>\Desktop\…` under Windows' 260. */
export const LONGEST_PATH = 120;

/** What keeps a list of relative paths (`/` between the parts) from a FAT32 stick or a Windows disk; empty when fine. */
export function nameProblems(paths: string[]): string[] {
	const problems: string[] = [];
	const seen = new Map<string, string>();
	for (const path of paths) {
		if (path.length >= LONGEST_PATH) problems.push(`${path}: ${path.length} characters, ${LONGEST_PATH - 1} at most`);
		for (const part of path.split('/')) {
			if (RESERVED.test(part)) problems.push(`${path}: Windows reserves the name ${part}`);
			else if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part)) problems.push(`${path}: unsafe characters in ${part}`);
			else if (part.endsWith('.')) problems.push(`${path}: ${part} ends with a dot`);
		}
		const folded = path.toLowerCase();
		const twin = seen.get(folded);
		if (twin !== undefined) problems.push(`${path}: differs from ${twin} in case only`);
		seen.set(folded, path);
	}
	return problems;
}
