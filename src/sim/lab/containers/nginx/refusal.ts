/** What nginx refuses to start with, without `[emerg] 1#1: `. */
export class Refusal extends Error {}
