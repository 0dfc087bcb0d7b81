// What is the reader's own in the READMEs' blocks: who is signed in, by whatever the framework gives, and what they have.
declare function currentUser(request: unknown): Promise<{ id: string; email: string } | null>;
declare function notesOf(subject: string): Promise<string[]>;
