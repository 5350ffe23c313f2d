/**
 * A time of the lab. Commands show it in UTC whatever the reader's zone is, and what compares it with now by the host's
 * clock (`ls -l`, `find -mmin`) gets the distance that it has from the lab's now.
 */
export class LabDate extends Date {
	readonly #now: () => number;

	constructor(at: number, now: () => number) {
		super(at);
		this.#now = now;
	}

	override valueOf(): number {
		return Date.now() - (this.#now() - this.getTime());
	}

	override getFullYear(): number {
		return this.getUTCFullYear();
	}

	override getMonth(): number {
		return this.getUTCMonth();
	}

	override getDate(): number {
		return this.getUTCDate();
	}

	override getDay(): number {
		return this.getUTCDay();
	}

	override getHours(): number {
		return this.getUTCHours();
	}

	override getMinutes(): number {
		return this.getUTCMinutes();
	}
}
