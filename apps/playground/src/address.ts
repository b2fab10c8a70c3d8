/** Where this playground is reached; known only once it listens. */
export class Address {
  private known: string | undefined;

  get url(): string {
    if (!this.known) throw new Error('The playground does not listen yet.');
    return this.known;
  }

  set(url: string): void {
    this.known = url.replace(/\/$/, '');
  }
}
