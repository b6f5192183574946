// The questions with a name, to begin with.

/** Puts the questions into a place. @param _put takes the query that somebody chose */
export function addQuestions(_place: HTMLElement, _put: (query: string, run: boolean) => void): void {}
