/** Names of the same file (link(2)). */

export class HardLinks {
	readonly #groups = new Map<string, Set<string>>();

	/** Another name for a file. */
	add(path: string, other: string): void {
		this.leave(other);
		const group = this.#groups.get(path) ?? new Set([path]);
		group.add(other);
		for (const name of group) this.#groups.set(name, group);
	}

	/** The other names of a file. */
	others(path: string): readonly string[] {
		return [...(this.#groups.get(path) ?? [])].filter((name) => name !== path);
	}

	count(path: string): number {
		return this.#groups.get(path)?.size ?? 1;
	}

	/** The same for all names of a file. */
	first(path: string): string {
		const [first = path] = this.#groups.get(path) ?? [];
		return first;
	}

	leave(path: string): void {
		const group = this.#groups.get(path);
		if (!group) return;
		group.delete(path);
		this.#groups.delete(path);
		if (group.size === 1) for (const name of group) this.#groups.delete(name);
	}

	/** A path is gone, and what was below it. */
	gone(path: string): void {
		for (const name of [...this.#groups.keys()]) if (name === path || name.startsWith(`${path}/`)) this.leave(name);
	}

	renamed(from: string, to: string): void {
		const group = this.#groups.get(from);
		this.leave(to);
		if (!group?.has(from)) return;
		group.delete(from);
		group.add(to);
		this.#groups.delete(from);
		this.#groups.set(to, group);
	}

	clear(): void {
		this.#groups.clear();
	}
}
