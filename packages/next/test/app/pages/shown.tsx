import { getAccessToken } from "@connect/next/pages";
import type { GetServerSideProps } from "next";
import { application } from "../application";

export const getServerSideProps: GetServerSideProps = async ({ req, query }) => {
  const verifier = query.keys === "none" ? application.verifierWithoutKeys : application.verifier;
  const accessToken = await getAccessToken(req, verifier, { scopes: application.scopes });
  return { props: { reader: accessToken?.subject ?? "nobody" } };
};

export default function Shown({ reader }: { readonly reader: string }) {
  return <output>{reader}</output>;
}
