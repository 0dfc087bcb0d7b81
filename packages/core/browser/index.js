// What a bundler finds when it builds for browsers: a module that no one has, by a name that says what is wrong.
import "@connect/core holds an API key and runs on servers only: import it in server code, never in a browser's";
