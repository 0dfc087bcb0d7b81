// What a bundler finds when it builds for browsers: a module that no one has, by a name that says what is wrong.
import "@connect/next runs on servers only: import it in route handlers, Server Components and API routes, never in a client component";
